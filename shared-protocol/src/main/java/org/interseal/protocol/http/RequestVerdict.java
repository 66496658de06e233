package org.interseal.protocol.http;

import org.interseal.crypto.VerificationKey;

/** Whether a request is what the holder of a request key sent, within the last minute. */
public sealed interface RequestVerdict {
  /**
   * It is. Nothing is said about whether the device is linked, nor whether this request came
   * before.
   *
   * @param deviceId hash of the key
   */
  record Authentic(String deviceId, VerificationKey key) implements RequestVerdict {}

  /** It is not, or nobody can tell. */
  record Rejected(Reason reason) implements RequestVerdict {}

  /** Why a request was rejected. */
  enum Reason {
    /** One of the four headers is not there. */
    MISSING,
    /** Not exactly the documented form, or a header came twice. */
    MALFORMED,
    /** The key is of an unknown kind or not the one that {@code keyid} names. */
    WRONG_KEY,
    /** The body is not the one that was digested. */
    WRONG_DIGEST,
    /** Method, path, query, times or digest are not the ones that were signed. */
    BAD_SIGNATURE,
    /** Older than its own {@code expires}. */
    EXPIRED,
    /** Created too far in the future: the device's clock is wrong. */
    NOT_YET_VALID,
    /** Asks for a longer life than a minute. */
    LIVES_TOO_LONG;

    /** Lower case, words joined by hyphens. */
    public String code() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
