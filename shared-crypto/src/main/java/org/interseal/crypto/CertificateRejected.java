package org.interseal.crypto;

/** A certificate chain does not prove what it should. The message names the rule that it breaks. */
public final class CertificateRejected extends Exception {
  private static final long serialVersionUID = 1L;

  public CertificateRejected(String message) {
    super(message);
  }
}
