package org.interseal.bank.founding;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/**
 * An operator's request to let a server join, signed with the operator's key.
 *
 * @param v format version, 1
 * @param server its name
 * @param pkcs10 for its signature key, in the server's name, DER
 * @param encryptionKey SubjectPublicKeyInfo, DER; proved by opening a challenge
 * @param operator who asks
 * @param nonce 16 random bytes: no two requests are alike
 */
record EnrolmentRequest(
    int v,
    BankId bank,
    String server,
    Bytes pkcs10,
    Bytes encryptionKey,
    String operator,
    long atMillis,
    Bytes nonce) {
  static final int VERSION = 1;
  static final String STATEMENT_TYPE = "interseal-enrolment-request";

  EnrolmentRequest {
    if (v != VERSION) {
      throw new IllegalArgumentException("an enrolment request of format version " + v);
    }
    if (nonce.size() != 16) {
      throw new IllegalArgumentException("nonce");
    }
    // Refuses what is no node's name.
    var _ = Party.server(bank, server);
  }

  Party party() {
    return Party.server(bank, server);
  }

  /** The keys, when the request for the certificate is right. */
  NodeKeys keys() throws RefusedByBank {
    try {
      VerificationKey signing = CertificationRequest.verify(pkcs10);
      if (!CertificationRequest.isFor(pkcs10, party())) {
        throw new RefusedByBank("the PKCS#10 request is not in the name of " + party().wire());
      }
      return new NodeKeys(
          party(), signing, java.util.Optional.of(EncryptionKey.fromSpki(encryptionKey)));
    } catch (InvalidKeyMaterial e) {
      throw new RefusedByBank("the request's keys are wrong: " + e.getMessage(), e);
    }
  }
}
