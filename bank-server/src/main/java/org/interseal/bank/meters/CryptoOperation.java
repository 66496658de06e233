package org.interseal.bank.meters;

/** A costly cryptographic operation that is counted. */
public enum CryptoOperation {
  /** An envelope was opened and its signature verified (or the attempt failed). */
  OPEN("open"),
  /** An envelope was signed and sealed. */
  SEAL("seal"),
  /** A public statement was signed. */
  SIGN("sign"),
  /** A public statement was verified. */
  VERIFY("verify");

  private final String tag;

  CryptoOperation(String tag) {
    this.tag = tag;
  }

  String tag() {
    return tag;
  }
}
