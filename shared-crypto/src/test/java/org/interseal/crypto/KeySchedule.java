package org.interseal.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/**
 * The base-mode key schedule of RFC 9180 section 5.1, written out once more from the specification:
 * what a stranger would write, to hold the libraries against.
 */
@SuppressWarnings("ArrayRecordComponent") // compared part by part
record KeySchedule(byte[] key, byte[] baseNonce) {
  private static final int NONCE_BYTES = 12;

  static KeySchedule of(JsonNode vector, byte[] secret) throws GeneralSecurityException {
    return derive(
        vector.path("kem_id").asInt(),
        vector.path("kdf_id").asInt(),
        vector.path("aead_id").asInt(),
        secret,
        Vectors.hex(vector, "info"));
  }

  static KeySchedule ofEnvelopeSuite(byte[] secret, byte[] info) throws GeneralSecurityException {
    return derive(0x647a, 1, 2, secret, info);
  }

  private static KeySchedule derive(int kem, int kdf, int aead, byte[] secret, byte[] info)
      throws GeneralSecurityException {
    byte[] suite =
        ByteBuffer.allocate(10)
            .put("HPKE".getBytes(StandardCharsets.US_ASCII))
            .putShort((short) kem)
            .putShort((short) kdf)
            .putShort((short) aead)
            .array();
    byte[] empty = new byte[0];
    byte[] context =
        join(
            new byte[1],
            extract(suite, empty, "psk_id_hash", empty),
            extract(suite, empty, "info_hash", info));
    byte[] secretExtracted = extract(suite, secret, "secret", empty);
    return new KeySchedule(
        expand(suite, secretExtracted, "key", context, aead == 1 ? 16 : 32),
        expand(suite, secretExtracted, "base_nonce", context, NONCE_BYTES));
  }

  private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] keyMaterial)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.ofExtract()
                .addSalt(salt)
                .addIKM(
                    join(
                        "HPKE-v1".getBytes(StandardCharsets.US_ASCII),
                        suite,
                        ascii(label),
                        keyMaterial))
                .extractOnly());
  }

  private static byte[] expand(byte[] suite, byte[] prk, String label, byte[] info, int length)
      throws GeneralSecurityException {
    byte[] labeled =
        join(
            ByteBuffer.allocate(2).putShort((short) length).array(),
            "HPKE-v1".getBytes(StandardCharsets.US_ASCII),
            suite,
            ascii(label),
            info);
    return KDF.getInstance("HKDF-SHA256")
        .deriveData(
            HKDFParameterSpec.expandOnly(new SecretKeySpec(prk, "Generic"), labeled, length));
  }

  /** AES-GCM with sequence number 0. */
  byte[] seal(byte[] aad, byte[] plaintext) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, baseNonce));
    cipher.updateAAD(aad);
    return cipher.doFinal(plaintext);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
