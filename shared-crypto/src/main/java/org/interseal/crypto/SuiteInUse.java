package org.interseal.crypto;

/**
 * Who carries this process's cryptography, by provider name. Every suite computes the same
 * functions; they differ in speed, by a factor that an operator wants to know about.
 *
 * @param signatures Ed25519 and ES256
 * @param hpke X-Wing, HKDF-SHA256 and AES-256-GCM as one operation
 * @param aesGcm AES-256-GCM by itself
 */
public record SuiteInUse(String signatures, String hpke, String aesGcm) {
  /** What keys of this process use from its start to its end. */
  public static SuiteInUse current() {
    return CryptoSuites.preferred().inUse();
  }

  /** Whether something native did not load, or the pure Java suite was asked for. */
  public boolean fallback() {
    return signatures.equals(BouncyCastleSuite.NAME) || hpke.equals(BouncyCastleSuite.NAME);
  }
}
