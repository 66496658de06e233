package org.interseal.protocol.registry;

import java.util.Locale;

/** Why a row of {@code bank_keys} did not count. */
public enum Refusal {
  /** Not a registry row in its one spelling, or too long. */
  MALFORMED,
  /** Written by a later version of the software, or for another one. */
  UNSUPPORTED_VERSION,
  /** Stands in a stream that it does not belong to. */
  WRONG_STREAM,
  /** Not signed by who would have to sign it. */
  BAD_SIGNATURE,
  /** A certificate in it does not lead to the authority's root as it must. */
  BAD_CERTIFICATE,
  /** Its parts speak of different banks. */
  WRONG_BANK,
  /** Proven, but not higher than one seen before; it changes nothing. */
  NUMBER_NOT_HIGHER,
  /** Proven, but it contradicts a statement with the same number. */
  CONTRADICTION,
  /** The bank published more than readers keep. */
  TOO_MANY;

  /** The spelling in metrics and logs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
