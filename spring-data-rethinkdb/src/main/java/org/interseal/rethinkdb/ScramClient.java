package org.interseal.rethinkdb;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One log-in with SCRAM-SHA-256 (RFC 5802, RFC 7677): both sides prove that they know the password.
 */
final class ScramClient {
  /** More would let a server keep a client busy; RethinkDB's default is 4,096. */
  private static final int MAX_ITERATIONS = 1_000_000;

  private static final String NO_CHANNEL_BINDING = "n,,";
  private static final int KEY_BITS = 256;

  private final Password password;
  private final String nonce;
  private final String firstBare;
  private byte[] expectedServerSignature = {};

  /**
   * @param nonce fresh and printable, without a comma
   */
  ScramClient(String user, Password password, String nonce) {
    this.password = password;
    this.nonce = nonce;
    this.firstBare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
  }

  String firstMessage() {
    return NO_CHANNEL_BINDING + firstBare;
  }

  String finalMessage(String serverFirst) {
    Map<Character, String> said = attributes(serverFirst);
    String bothNonces = said.getOrDefault('r', "");
    if (!bothNonces.startsWith(nonce) || bothNonces.length() == nonce.length()) {
      throw new AuthenticationRefused("the server did not answer this log-in's nonce", null);
    }
    try {
      byte[] salt = Base64.getDecoder().decode(said.getOrDefault('s', ""));
      int iterations = Integer.parseInt(said.getOrDefault('i', ""));
      if (iterations < 1 || iterations > MAX_ITERATIONS) {
        throw new AuthenticationRefused("the server asks for " + iterations + " iterations", null);
      }
      byte[] salted = salted(salt, iterations);
      byte[] clientKey = hmac(salted, "Client Key");
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      String withoutProof =
          "c="
              + Base64.getEncoder()
                  .encodeToString(NO_CHANNEL_BINDING.getBytes(StandardCharsets.UTF_8))
              + ",r="
              + bothNonces;
      String signed = firstBare + "," + serverFirst + "," + withoutProof;
      byte[] proof = hmac(storedKey, signed);
      for (int i = 0; i < proof.length; i++) {
        proof[i] ^= clientKey[i];
      }
      expectedServerSignature = hmac(hmac(salted, "Server Key"), signed);
      return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new AuthenticationRefused("the server's challenge cannot be answered", e);
    }
  }

  /** Throws unless the server proved that it knows the password too. */
  void verify(String serverFinal) {
    byte[] signature;
    try {
      signature = Base64.getDecoder().decode(attributes(serverFinal).getOrDefault('v', ""));
    } catch (IllegalArgumentException e) {
      throw new AuthenticationRefused("the server's proof is not readable", e);
    }
    if (expectedServerSignature.length == 0
        || !MessageDigest.isEqual(signature, expectedServerSignature)) {
      throw new AuthenticationRefused(
          "the server could not prove that it knows the password", null);
    }
  }

  private byte[] salted(byte[] salt, int iterations) throws GeneralSecurityException {
    var spec = new PBEKeySpec(password.reveal(), salt, iterations, KEY_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<Character, String> attributes(String message) {
    Map<Character, String> attributes = new HashMap<>();
    for (String part : message.split(",")) {
      if (part.length() >= 2 && part.charAt(1) == '=') {
        attributes.put(part.charAt(0), part.substring(2));
      }
    }
    return attributes;
  }
}
