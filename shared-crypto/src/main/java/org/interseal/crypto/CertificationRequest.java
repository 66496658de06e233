package org.interseal.crypto;

import org.interseal.identity.BankId;

/** A PKCS#10 request (RFC 2986), which proves possession of a signature key. */
public final class CertificationRequest {
  private CertificationRequest() {}

  /** Makes a bank's request for its certifying key. */
  public static Bytes forBank(BankId bank, SigningKey certifyingKey) {
    throw new UnsupportedOperationException();
  }

  /** The key that is asked for, when the request's own signature is right. */
  public static VerificationKey verify(Bytes pkcs10) throws InvalidKeyMaterial {
    throw new UnsupportedOperationException();
  }

  /** The bank named in the request's subject. */
  public static BankId bank(Bytes pkcs10) throws InvalidKeyMaterial {
    throw new UnsupportedOperationException();
  }
}
