package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Map;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;
import org.conscrypt.OpenSslXwingPrivateKey;
import org.conscrypt.OpenSslXwingPublicKey;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * RFC 9180 (base mode), X-Wing and HPKE-PQ vectors, on Conscrypt and on BouncyCastle: sealing gives
 * the published bytes, and those open again.
 */
class HpkeVectorsTest {
  private static final int KDF_HKDF_SHA256 = 1;

  private final Provider conscrypt = Suites.conscrypt();

  @Test
  void rfc_9180_with_x25519() throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (JsonNode v : Vectors.read("hpke/rfc9180-x25519-sha256-aesgcm-base.json")) {
      short aead = (short) v.path("aead_id").asInt();
      String name =
          "DHKEM_X25519_HKDF_SHA256/HKDF_SHA256/" + (aead == 1 ? "AES_128_GCM" : "AES_256_GCM");
      PublicKey publicKey = x25519(Vectors.hex(v, "pkRm"));
      PrivateKey privateKey = x25519Private(Vectors.hex(v, "skRm"));
      checkConscrypt(v, name, publicKey, privateKey, Vectors.hex(v, "skEm"));

      HPKE hpke = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, aead);
      AsymmetricCipherKeyPair ephemeral =
          hpke.deserializePrivateKey(Vectors.hex(v, "skEm"), Vectors.hex(v, "pkEm"));
      checkBouncyCastle(
          v,
          hpke.setupBaseS(
              hpke.deserializePublicKey(Vectors.hex(v, "pkRm")), Vectors.hex(v, "info"), ephemeral),
          hpke.setupBaseR(
              Vectors.hex(v, "enc"),
              hpke.deserializePrivateKey(Vectors.hex(v, "skRm"), Vectors.hex(v, "pkRm")),
              Vectors.hex(v, "info")));
      KeySchedule schedule = KeySchedule.of(v, Vectors.hex(v, "shared_secret"));
      assertThat(schedule.key()).isEqualTo(Vectors.hex(v, "key"));
      assertThat(schedule.baseNonce()).isEqualTo(Vectors.hex(v, "base_nonce"));
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 2));
  }

  @Test
  void hpke_with_x_wing() throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (JsonNode v : Vectors.read("hpke/hpke-pq-xwing.json")) {
      if (v.path("kdf_id").asInt() != KDF_HKDF_SHA256) {
        tally.skipped("the suite derives keys with HKDF-SHA256, not SHAKE256");
        continue;
      }
      // The published vector pairs X-Wing with ChaCha20-Poly1305: the same KEM and key schedule.
      checkConscrypt(
          v,
          "XWING/HKDF_SHA256/CHACHA20POLY1305",
          new OpenSslXwingPublicKey(Vectors.hex(v, "pkRm")),
          new OpenSslXwingPrivateKey(Vectors.hex(v, "skRm")),
          Vectors.hex(v, "ikmE"));
      byte[] info = Vectors.hex(v, "info");
      HPKE hpke =
          new HPKE(
              HPKE.mode_base, HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
      checkBouncyCastle(
          v,
          hpke.setupBaseS(
              hpke.deserializePublicKey(Vectors.hex(v, "pkRm")), info, Vectors.hex(v, "ikmE")),
          hpke.setupBaseR(
              Vectors.hex(v, "enc"),
              hpke.deserializePrivateKey(Vectors.hex(v, "skRm"), Vectors.hex(v, "pkRm")),
              info));
      assertThat(KeySchedule.of(v, Vectors.hex(v, "shared_secret")).key())
          .isEqualTo(Vectors.hex(v, "key"));
      tally.ran();
    }
    assertThat(tally.counts())
        .isEqualTo(
            Map.of("ran", 1, "skipped: the suite derives keys with HKDF-SHA256, not SHAKE256", 1));
  }

  @Test
  void x_wing_keys_encapsulation_and_decapsulation() throws Exception {
    Vectors.Tally tally = new Vectors.Tally();
    for (JsonNode v : Vectors.read("hpke/xwing-kem.json")) {
      byte[] seed = Vectors.hex(v, "sk");
      byte[] publicKey = Vectors.hex(v, "pk");
      byte[] encapsulated = Vectors.hex(v, "ct");
      byte[] secret = Vectors.hex(v, "ss");
      byte[] info = "x-wing".getBytes(StandardCharsets.US_ASCII);
      byte[] aad = "aad".getBytes(StandardCharsets.US_ASCII);
      byte[] plaintext = "plaintext".getBytes(StandardCharsets.US_ASCII);

      assertThat(KeyEncodings.xWingPublicKey(seed)).isEqualTo(publicKey);
      assertThat(
              new XWingKEMExtractor(new XWingPrivateKeyParameters(seed))
                  .extractSecret(encapsulated))
          .isEqualTo(secret);

      // Neither library hands the raw secret out; the key schedule written out here ties it to
      // both.
      byte[] sealed = KeySchedule.ofEnvelopeSuite(secret, info).seal(aad, plaintext);
      for (CryptoSuite suite : Suites.all()) {
        assertThat(suite.opener(seed).open(encapsulated, info, aad, sealed)).isEqualTo(plaintext);
      }
      HpkeContextSender sender = HpkeContextSender.getInstance(NativeSuite.HPKE, conscrypt);
      sender.initForTesting(new OpenSslXwingPublicKey(publicKey), info, Vectors.hex(v, "eseed"));
      assertThat(sender.getEncapsulated()).isEqualTo(encapsulated);
      assertThat(sender.seal(plaintext, aad)).isEqualTo(sealed);
      HPKEContextWithEncapsulation fallback =
          BouncyCastleSuite.hpke()
              .setupBaseS(
                  BouncyCastleSuite.hpke().deserializePublicKey(publicKey),
                  info,
                  Vectors.hex(v, "eseed"));
      assertThat(fallback.getEncapsulation()).isEqualTo(encapsulated);
      assertThat(fallback.seal(aad, plaintext)).isEqualTo(sealed);
      tally.ran();
    }
    assertThat(tally.counts()).isEqualTo(Map.of("ran", 3));
  }

  private void checkConscrypt(
      JsonNode v, String name, PublicKey publicKey, PrivateKey privateKey, byte[] ephemeral)
      throws Exception {
    byte[] info = Vectors.hex(v, "info");
    HpkeContextSender sender = HpkeContextSender.getInstance(name, conscrypt);
    sender.initForTesting(publicKey, info, ephemeral);
    assertThat(sender.getEncapsulated()).isEqualTo(Vectors.hex(v, "enc"));
    HpkeContextRecipient recipient = HpkeContextRecipient.getInstance(name, conscrypt);
    recipient.init(Vectors.hex(v, "enc"), privateKey, info);
    for (JsonNode e : v.path("encryptions")) {
      byte[] aad = Vectors.hex(e, "aad");
      assertThat(sender.seal(Vectors.hex(e, "pt"), aad)).isEqualTo(Vectors.hex(e, "ct"));
      assertThat(recipient.open(Vectors.hex(e, "ct"), aad)).isEqualTo(Vectors.hex(e, "pt"));
    }
    for (JsonNode e : v.path("exports")) {
      assertThat(recipient.export(e.path("L").asInt(), Vectors.hex(e, "exporter_context")))
          .isEqualTo(Vectors.hex(e, "exported_value"));
    }
  }

  private static void checkBouncyCastle(
      JsonNode v, HPKEContextWithEncapsulation sender, HPKEContext recipient) throws Exception {
    assertThat(sender.getEncapsulation()).isEqualTo(Vectors.hex(v, "enc"));
    for (JsonNode e : v.path("encryptions")) {
      byte[] aad = Vectors.hex(e, "aad");
      assertThat(sender.seal(aad, Vectors.hex(e, "pt"))).isEqualTo(Vectors.hex(e, "ct"));
      assertThat(recipient.open(aad, Vectors.hex(e, "ct"))).isEqualTo(Vectors.hex(e, "pt"));
    }
    for (JsonNode e : v.path("exports")) {
      assertThat(recipient.export(Vectors.hex(e, "exporter_context"), e.path("L").asInt()))
          .isEqualTo(Vectors.hex(e, "exported_value"));
    }
  }

  private PublicKey x25519(byte[] raw) throws Exception {
    return KeyFactory.getInstance("XDH", conscrypt)
        .generatePublic(
            new X509EncodedKeySpec(
                KeyEncodings.concat(HexFormat.of().parseHex("302a300506032b656e032100"), raw)));
  }

  private PrivateKey x25519Private(byte[] raw) throws Exception {
    return KeyFactory.getInstance("XDH", conscrypt)
        .generatePrivate(
            new PKCS8EncodedKeySpec(
                KeyEncodings.concat(
                    HexFormat.of().parseHex("302e020100300506032b656e04220420"), raw)));
  }
}
