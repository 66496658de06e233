package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.HKDFParameterSpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Wycheproof's vectors on every suite; docs/reference/envelope.md lists what is skipped and why.
 */
class WycheproofTest {
  static List<CryptoSuite> suites() {
    return Suites.all();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void ed25519_signatures(CryptoSuite suite) throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("ed25519_test.json")) {
      VerificationKey key =
          VerificationKey.fromSpki(Bytes.of(Vectors.hex(c.group(), "publicKeyDer")), suite);
      assertThat(key.verifies(Bytes.of(c.bytes("msg")), Bytes.of(c.bytes("sig"))))
          .as("%s", c)
          .isEqualTo(c.isValid());
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 151));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void ecdsa_signatures_of_fixed_length(CryptoSuite suite) throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("ecdsa_secp256r1_sha256_p1363_test.json")) {
      VerificationKey key =
          VerificationKey.fromSpki(Bytes.of(Vectors.hex(c.group(), "publicKeyDer")), suite);
      assertThat(key.verifies(Bytes.of(c.bytes("msg")), Bytes.of(c.bytes("sig"))))
          .as("%s", c)
          .isEqualTo(c.isValid());
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 262));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void aes_256_gcm(CryptoSuite suite) throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("aes_gcm_test.json")) {
      if (c.group().path("keySize").asInt() != 256) {
        tally.skipped("the suite has 256-bit keys only");
        continue;
      }
      if (c.group().path("ivSize").asInt() != 96) {
        tally.skipped("the suite has 96-bit nonces only");
        continue;
      }
      CryptoSuite.Aead aead = suite.aead(c.bytes("key"));
      byte[] sealed = KeyEncodings.concat(c.bytes("ct"), c.bytes("tag"));
      if (c.isValid()) {
        assertThat(aead.encrypt(c.bytes("iv"), c.bytes("aad"), c.bytes("msg")))
            .as("%s", c)
            .isEqualTo(sealed);
        assertThat(aead.decrypt(c.bytes("iv"), c.bytes("aad"), sealed, 0))
            .as("%s", c)
            .isEqualTo(c.bytes("msg"));
      } else {
        assertThatExceptionOfType(GeneralSecurityException.class)
            .as("%s", c)
            .isThrownBy(() -> aead.decrypt(c.bytes("iv"), c.bytes("aad"), sealed, 0));
      }
      tally.ran();
    }
    assertThat(tally.counts())
        .isEqualTo(
            Map.of(
                "ran", 66,
                "skipped: the suite has 256-bit keys only", 211,
                "skipped: the suite has 96-bit nonces only", 39));
  }

  @Test
  void hkdf_sha256_of_the_platform_and_of_the_fallback() throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("hkdf_sha256_test.json")) {
      int size = c.test().path("size").asInt();
      if (c.isValid()) {
        assertThat(platformHkdf(c, size)).as("%s", c).isEqualTo(c.bytes("okm"));
        assertThat(fallbackHkdf(c, size)).as("%s", c).isEqualTo(c.bytes("okm"));
      } else {
        assertThatThrownBy(() -> platformHkdf(c, size)).as("%s", c).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> fallbackHkdf(c, size)).as("%s", c).isInstanceOf(Exception.class);
      }
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 86));
  }

  private static byte[] platformHkdf(Vectors.Case c, int size) throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract()
                .addIKM(c.bytes("ikm"))
                .addSalt(c.bytes("salt"))
                .thenExpand(c.bytes("info"), size));
  }

  private static byte[] fallbackHkdf(Vectors.Case c, int size) {
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(c.bytes("ikm"), c.bytes("salt"), c.bytes("info")));
    byte[] out = new byte[size];
    hkdf.generateBytes(out, 0, size);
    return out;
  }

  @Test
  void x25519_of_the_native_library_and_of_the_fallback() throws Exception {
    Provider conscrypt = Suites.conscrypt();
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("x25519_test.json")) {
      byte[] shared = new byte[X25519.POINT_SIZE];
      boolean contributory =
          X25519.calculateAgreement(c.bytes("private"), 0, c.bytes("public"), 0, shared, 0);
      assertThat(shared).as("%s", c).isEqualTo(c.bytes("shared"));
      // "acceptable" covers weak points; a zero secret must be recognised, everything else
      // computed.
      assertThat(contributory)
          .as("%s", c)
          .isNotEqualTo(c.test().path("flags").toString().contains("ZeroSharedSecret"));
      if (contributory) {
        assertThat(nativeX25519(conscrypt, c)).as("%s", c).isEqualTo(c.bytes("shared"));
      } else {
        assertThatThrownBy(() -> nativeX25519(conscrypt, c))
            .as("%s", c)
            .isInstanceOf(Exception.class);
      }
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 518));
  }

  private static byte[] nativeX25519(Provider provider, Vectors.Case c)
      throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("XDH", provider);
    KeyAgreement agreement = KeyAgreement.getInstance("XDH", provider);
    agreement.init(
        factory.generatePrivate(
            new PKCS8EncodedKeySpec(
                KeyEncodings.concat(
                    HexFormat.of().parseHex("302e020100300506032b656e04220420"),
                    c.bytes("private")))));
    agreement.doPhase(
        factory.generatePublic(
            new X509EncodedKeySpec(
                KeyEncodings.concat(
                    HexFormat.of().parseHex("302a300506032b656e032100"), c.bytes("public")))),
        true);
    return agreement.generateSecret();
  }

  /** The native library's ML-KEM is reached through X-Wing only: see {@link HpkeVectorsTest}. */
  @Test
  void ml_kem_768_of_the_fallback() {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("mlkem_768_test.json")) {
      if (c.isValid()) {
        MLKEMPrivateKeyParameters key =
            new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, c.bytes("seed"));
        assertThat(key.getPublicKey()).as("%s", c).isEqualTo(c.bytes("ek"));
        assertThat(new MLKEMExtractor(key).extractSecret(c.bytes("c")))
            .as("%s", c)
            .isEqualTo(c.bytes("K"));
      } else {
        assertThatThrownBy(() ->
                new MLKEMExtractor(
                        new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, c.bytes("seed")))
                    .extractSecret(c.bytes("c")))
            .as("%s", c)
            .isInstanceOf(RuntimeException.class);
      }
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 193));
  }

  @ParameterizedTest
  @MethodSource("suites")
  void json_web_signatures(CryptoSuite suite) throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("json_web_signature_test.json")) {
      // Whatever it is, it is no statement of ours.
      assertThatExceptionOfType(CryptoFailure.class)
          .as("%s", c)
          .isThrownBy(() -> SignedStatement.claimedKey(c.text("jws")));
      JsonNode jwk = c.group().path("public");
      if (!jwk.path("crv").asString("").equals("P-256")) {
        tally.skipped("RSA, HMAC and P-521 are not algorithms of the federation");
      } else if (!jwk.path("alg").asString("").equals("ES256")) {
        tally.skipped("keys carry no JWK use or key_ops");
      } else {
        assertThat(verifies(c.text("jws"), jwk, suite)).as("%s", c).isEqualTo(c.isValid());
        tally.ran();
      }
    }
    assertThat(tally.counts())
        .isEqualTo(
            Map.of(
                "ran", 39,
                "skipped: keys carry no JWK use or key_ops", 2,
                "skipped: RSA, HMAC and P-521 are not algorithms of the federation", 360));
  }

  private static boolean verifies(String jws, JsonNode jwk, CryptoSuite suite)
      throws InvalidKeyMaterial {
    byte[] point = new byte[P256.POINT_BYTES];
    point[0] = 4;
    System.arraycopy(StrictBase64Url.decode(jwk.path("x").asString()), 0, point, 1, 32);
    System.arraycopy(StrictBase64Url.decode(jwk.path("y").asString()), 0, point, 33, 32);
    VerificationKey key =
        VerificationKey.fromSpki(KeyEncodings.spki(SignatureAlgorithm.ES256, point), suite);
    try {
      byte[] ascii = CompactJws.ascii(jws);
      return CompactJws.parse(ascii, ascii.length).verifies(key);
    } catch (IllegalArgumentException notCompactJws) {
      return false;
    }
  }

  @Test
  void json_web_encryption_of_every_other_suite_is_refused() {
    Vectors.Tally tally = new Vectors.Tally();
    DecryptionKey ours = DecryptionKey.generate(Fixture.random("recipient"));
    for (Vectors.Case c : Vectors.wycheproof("json_web_encryption_test.json")) {
      assertThatExceptionOfType(CryptoFailure.class)
          .as("%s", c)
          .isThrownBy(() ->
              Envelope.open(
                  c.text("jwe"),
                  id -> Optional.of(ours),
                  (author, id) -> Optional.empty(),
                  party -> true,
                  Optional.empty()))
          .withMessage("refused");
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 139));
  }

  @Test
  void signatures_under_ambiguous_key_sets_are_no_statements() {
    Vectors.Tally tally = new Vectors.Tally();
    for (Vectors.Case c : Vectors.wycheproof("json_web_key_test.json")) {
      assertThatExceptionOfType(CryptoFailure.class)
          .as("%s", c)
          .isThrownBy(() -> SignedStatement.claimedKey(c.text("jws")));
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 26));
  }

  @Test
  void the_harness_notices_a_wrong_answer() {
    List<CryptoSuite> suites = Suites.all();
    Stream<Boolean> answers =
        suites.stream()
            .map(suite -> {
              Vectors.Case valid =
                  Vectors.wycheproof("aes_gcm_test.json").stream()
                      .filter(c -> c.isValid() && c.group().path("keySize").asInt() == 256)
                      .findFirst()
                      .orElseThrow();
              byte[] wrongKey = valid.bytes("key");
              wrongKey[0] ^= 1;
              return Arrays.equals(
                  suite
                      .aead(wrongKey)
                      .encrypt(valid.bytes("iv"), valid.bytes("aad"), valid.bytes("msg")),
                  KeyEncodings.concat(valid.bytes("ct"), valid.bytes("tag")));
            });
    assertThat(answers).containsOnly(false);
  }
}
