package org.interseal.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cryptography that protects nothing, for simulations: everybody can open what it seals. It is fast
 * and draws all randomness from the caller, so that a run repeats. Signatures and certificates are
 * real; one made in this process is believed without being computed again.
 */
public final class InsecureSimulationSuite implements CryptoSuite {
  private static final int ENCAPSULATED_BYTES = 1_120;
  private static final int PUBLIC_KEY_BYTES = 1_216;
  private static final int NONCE_BYTES = 32;
  private static final int TAG_BYTES = 16;
  private static final int MAX_REMEMBERED = 65_536;

  private final CryptoSuite real;
  private final Map<Bytes, Boolean> made =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, Boolean> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private InsecureSimulationSuite(CryptoSuite real) {
    this.real = real;
  }

  /** From now on the only suite of this process; before any key is made. */
  public static void install() {
    CryptoSuites.replacePreferred(new InsecureSimulationSuite(CryptoSuites.choose(null)));
  }

  /** The pure Java suite, whose randomness is the caller's too. */
  public static void installReal() {
    CryptoSuites.replacePreferred(CryptoSuites.bouncyCastle());
  }

  @Override
  public String name() {
    return "insecure, for simulations";
  }

  @Override
  public SuiteInUse inUse() {
    return new SuiteInUse(real.inUse().signatures(), "none", real.inUse().aesGcm());
  }

  @Override
  public Signer signer(SignatureAlgorithm algorithm, byte[] secret) {
    Signer signer = real.signer(algorithm, secret);
    byte[] spki = KeyEncodings.spki(algorithm, KeyEncodings.publicKey(algorithm, secret)).shared();
    return (content, length) -> {
      byte[] signature = signer.sign(content, length);
      made.put(digest(spki, content, length, signature), Boolean.TRUE);
      return signature;
    };
  }

  @Override
  public Verifier verifier(SignatureAlgorithm algorithm, byte[] spki) {
    byte[] key = spki.clone();
    Verifier verifier = real.verifier(algorithm, key);
    return (content, length, signature) ->
        made.containsKey(digest(key, content, length, signature))
            || verifier.verifies(content, length, signature);
  }

  private static Bytes digest(byte[] key, byte[] content, int length, byte[] signature) {
    MessageDigest digest = sha256();
    digest.update(key);
    digest.update(signature);
    digest.update(content, 0, length);
    return Bytes.owning(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public HpkeSealer sealer(byte[] publicKey) {
    byte[] key = publicKey.clone();
    return (info, associatedData, plaintext, random) -> {
      byte[] encapsulated = new byte[ENCAPSULATED_BYTES];
      byte[] nonce = new byte[NONCE_BYTES];
      random.nextBytes(nonce);
      System.arraycopy(nonce, 0, encapsulated, 0, NONCE_BYTES);
      byte[] ciphertext = Arrays.copyOf(plaintext, plaintext.length + TAG_BYTES);
      byte[] tag = tag(key, nonce, info, associatedData, plaintext, plaintext.length);
      System.arraycopy(tag, 0, ciphertext, plaintext.length, TAG_BYTES);
      return new Sealed(encapsulated, ciphertext);
    };
  }

  @Override
  public HpkeOpener opener(byte[] seed) {
    byte[] key = KeyEncodings.xWingPublicKey(seed);
    return (encapsulated, info, associatedData, ciphertext) -> {
      int length = ciphertext.length - TAG_BYTES;
      if (encapsulated.length != ENCAPSULATED_BYTES || length < 0) {
        throw new GeneralSecurityException("not sealed here");
      }
      byte[] nonce = Arrays.copyOf(encapsulated, NONCE_BYTES);
      byte[] tag = tag(key, nonce, info, associatedData, ciphertext, length);
      if (!Arrays.equals(tag, 0, TAG_BYTES, ciphertext, length, ciphertext.length)) {
        throw new GeneralSecurityException("not sealed to this key, or altered");
      }
      return Arrays.copyOf(ciphertext, length);
    };
  }

  private static byte[] tag(
      byte[] key, byte[] nonce, byte[] info, byte[] associatedData, byte[] text, int length) {
    if (key.length != PUBLIC_KEY_BYTES) {
      throw new IllegalArgumentException("no X-Wing key");
    }
    MessageDigest digest = sha256();
    digest.update(key, 0, NONCE_BYTES);
    digest.update(nonce);
    digest.update(info);
    digest.update(associatedData);
    digest.update(text, 0, length);
    return digest.digest();
  }

  @Override
  public Aead aead(byte[] key) {
    return real.aead(key);
  }
}
