package org.interseal.crypto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;

/**
 * Our keys' signatures in the spelling of X.509: ECDSA as a DER sequence (RFC 5758), Ed25519 as it
 * is.
 */
final class X509Signatures {
  private X509Signatures() {}

  static AlgorithmIdentifier identifier(SignatureAlgorithm algorithm) {
    return switch (algorithm) {
      case ED25519 -> new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
      case ES256 -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    };
  }

  static ContentSigner signer(SigningKey key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    return new ContentSigner() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return identifier(key.verificationKey().algorithm());
      }

      @Override
      public OutputStream getOutputStream() {
        return content;
      }

      @Override
      public byte[] getSignature() {
        byte[] signature = key.sign(content.toByteArray(), content.size());
        return switch (key.verificationKey().algorithm()) {
          case ED25519 -> signature;
          case ES256 -> sequence(signature);
        };
      }
    };
  }

  /** Whether {@code signature}, in the spelling of X.509, is this key's over {@code content}. */
  static boolean verifies(VerificationKey key, byte[] content, byte[] signature) {
    return switch (key.algorithm()) {
      case ED25519 -> key.verifies(content, content.length, signature);
      case ES256 -> {
        try {
          yield key.verifies(content, content.length, fixedLength(signature));
        } catch (IOException | IllegalArgumentException malformed) {
          yield false;
        }
      }
    };
  }

  private static byte[] sequence(byte[] fixedLength) {
    int half = fixedLength.length / 2;
    ASN1EncodableVector values = new ASN1EncodableVector();
    values.add(new ASN1Integer(new BigInteger(1, Arrays.copyOf(fixedLength, half))));
    values.add(
        new ASN1Integer(
            new BigInteger(1, Arrays.copyOfRange(fixedLength, half, fixedLength.length))));
    return Profile.der(new DERSequence(values));
  }

  private static byte[] fixedLength(byte[] sequence) throws IOException {
    ASN1Sequence values = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(sequence));
    if (values.size() != 2 || !Arrays.equals(values.getEncoded(ASN1Encoding.DER), sequence)) {
      throw new IllegalArgumentException("not a DER signature");
    }
    BigInteger r = ASN1Integer.getInstance(values.getObjectAt(0)).getValue();
    BigInteger s = ASN1Integer.getInstance(values.getObjectAt(1)).getValue();
    if (r.signum() < 0 || s.signum() < 0 || r.bitLength() > 256 || s.bitLength() > 256) {
      throw new IllegalArgumentException("not a signature on P-256");
    }
    return P256.fixedLength(r, s);
  }
}
