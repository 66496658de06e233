package org.interseal.crypto;

/**
 * Something sealed or signed was refused. The cause is for our own counters only: the other side is
 * told nothing but "refused", so that it cannot be used as an oracle.
 */
public final class CryptoFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, for counters and set-aside records inside the bank that refused. */
  public enum Reason {
    MALFORMED,
    UNSUPPORTED_VERSION,
    UNKNOWN_RECIPIENT_KEY,
    NOT_DECRYPTABLE,
    BAD_PADDING,
    WRONG_RECIPIENT,
    UNKNOWN_AUTHOR,
    BAD_SIGNATURE,
    EXPIRED,
    NOT_YET_VALID,
    TOO_LARGE
  }

  private final Reason reason;

  public CryptoFailure(Reason reason) {
    // One message whatever happened, and no stack trace: junk may arrive in floods.
    super("refused", null, false, false);
    this.reason = reason;
  }

  /** For the bank's own counters and set-aside records; never for the other side. */
  public Reason reason() {
    return reason;
  }
}
