package org.interseal.crypto;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/**
 * The primitive operations, bound to keys. Every suite computes the same functions: what one suite
 * seals or signs, another opens or verifies.
 *
 * <p>All handles are safe for concurrent use and keep whatever a provider wants parsed beforehand.
 */
interface CryptoSuite {
  /** For logs and benchmarks. */
  String name();

  /** Who does what. */
  SuiteInUse inUse();

  /**
   * @param secret 32 bytes: an Ed25519 seed (RFC 8032 section 5.1.5) or a P-256 scalar, already
   *     validated
   */
  Signer signer(SignatureAlgorithm algorithm, byte[] secret);

  /**
   * @param spki a SubjectPublicKeyInfo in the one spelling of {@link KeyEncodings}, already
   *     validated
   */
  Verifier verifier(SignatureAlgorithm algorithm, byte[] spki);

  /**
   * @param publicKey 1,216 bytes of X-Wing
   */
  HpkeSealer sealer(byte[] publicKey);

  /**
   * @param seed 32 bytes of X-Wing
   */
  HpkeOpener opener(byte[] seed);

  /**
   * @param key 32 bytes
   */
  Aead aead(byte[] key);

  /** Signs with one key. */
  interface Signer {
    /** 64 bytes. */
    byte[] sign(byte[] content, int length);
  }

  /** Verifies with one key. */
  interface Verifier {
    /** Whether the 64 bytes of {@code signature} are right; bad bytes are {@code false}. */
    boolean verifies(byte[] content, int length, byte[] signature);
  }

  /**
   * What HPKE base mode (RFC 9180 section 6.1) gives.
   *
   * @param encapsulated 1,120 bytes
   * @param ciphertext with its tag
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // a carrier between two methods of this package, never compared
  record Sealed(byte[] encapsulated, byte[] ciphertext) {}

  /** HPKE single-shot sealing to one key: X-Wing, HKDF-SHA256, AES-256-GCM. */
  interface HpkeSealer {
    /**
     * Native libraries draw the encapsulation's randomness themselves and leave {@code random}
     * alone.
     */
    Sealed seal(byte[] info, byte[] associatedData, byte[] plaintext, SecureRandom random);
  }

  /** The counterpart of {@link HpkeSealer}. */
  interface HpkeOpener {
    byte[] open(byte[] encapsulated, byte[] info, byte[] associatedData, byte[] ciphertext)
        throws GeneralSecurityException;
  }

  /** AES-256-GCM (NIST SP 800-38D), nonce of 12 and tag of 16 bytes, under one key. */
  interface Aead {
    byte[] encrypt(byte[] nonce, byte[] associatedData, byte[] plaintext);

    /** Reads {@code sealed} from {@code offset} to its end. */
    byte[] decrypt(byte[] nonce, byte[] associatedData, byte[] sealed, int offset)
        throws GeneralSecurityException;
  }
}
