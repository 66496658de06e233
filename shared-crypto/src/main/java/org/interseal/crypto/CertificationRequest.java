package org.interseal.crypto;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** A PKCS#10 request (RFC 2986), which proves possession of a signature key. */
public final class CertificationRequest {
  private CertificationRequest() {}

  /** Makes a bank's request for its certifying key. DER. */
  public static Bytes forBank(BankId bank, SigningKey certifyingKey) {
    return of(Party.bank(bank), certifyingKey);
  }

  /** Makes the request of a bank's server, gateway or branch for its signature key. DER. */
  public static Bytes forNode(Party node, SigningKey key) {
    return of(node, key);
  }

  private static Bytes of(Party party, SigningKey key) {
    PKCS10CertificationRequest request =
        new PKCS10CertificationRequestBuilder(
                Profile.subject(party),
                SubjectPublicKeyInfo.getInstance(key.verificationKey().spki().shared()))
            .build(X509Signatures.signer(key));
    return Bytes.owning(Profile.der(request.toASN1Structure()));
  }

  /** The key that is asked for, when the request's own signature is right. */
  public static VerificationKey verify(Bytes pkcs10) throws InvalidKeyMaterial {
    PKCS10CertificationRequest request = parse(pkcs10);
    try {
      VerificationKey key =
          VerificationKey.fromSpki(
              Bytes.owning(request.getSubjectPublicKeyInfo().getEncoded("DER")));
      if (!request.getSignatureAlgorithm().equals(X509Signatures.identifier(key.algorithm()))) {
        throw new InvalidKeyMaterial("a signature algorithm that is not the key's");
      }
      byte[] content = request.toASN1Structure().getCertificationRequestInfo().getEncoded("DER");
      if (!X509Signatures.verifies(key, content, request.getSignature())) {
        throw new InvalidKeyMaterial("the request is not signed with the key that it asks for");
      }
      return key;
    } catch (IOException | RuntimeException malformed) {
      throw new InvalidKeyMaterial("not a request");
    }
  }

  /** Whether the request's subject is this party. */
  public static boolean isFor(Bytes pkcs10, Party party) throws InvalidKeyMaterial {
    return ParsedCertificate.sameName(parse(pkcs10).getSubject(), Profile.subject(party));
  }

  /** The bank named in the request's subject. */
  public static BankId bank(Bytes pkcs10) throws InvalidKeyMaterial {
    PKCS10CertificationRequest request = parse(pkcs10);
    try {
      BankId bank = new BankId(Profile.attribute(request.getSubject(), BCStyle.O).orElse(""));
      if (ParsedCertificate.sameName(request.getSubject(), Profile.subject(Party.bank(bank)))) {
        return bank;
      }
    } catch (IllegalArgumentException notABank) {
      // falls through to the one refusal
    }
    throw new InvalidKeyMaterial("not a bank's subject");
  }

  private static PKCS10CertificationRequest parse(Bytes pkcs10) throws InvalidKeyMaterial {
    if (pkcs10.size() > Profile.MAX_DER_BYTES) {
      throw new InvalidKeyMaterial("longer than a request may be");
    }
    try {
      PKCS10CertificationRequest request = new PKCS10CertificationRequest(pkcs10.toArray());
      if (Arrays.equals(Profile.der(request.toASN1Structure()), pkcs10.shared())) {
        return request;
      }
    } catch (IOException | RuntimeException malformed) {
      // BouncyCastle reports malformed structures with several unchecked types.
    }
    throw new InvalidKeyMaterial("not a PKCS#10 request in DER");
  }
}
