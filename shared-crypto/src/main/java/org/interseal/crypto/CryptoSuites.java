package org.interseal.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.conscrypt.Conscrypt;
import org.conscrypt.HpkeContextSender;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the providers once per process, and is the only class that knows them.
 *
 * <p>The Amazon Corretto Crypto Provider goes first in the platform's list when its self-tests
 * pass, which speeds up everything else in the process too. Conscrypt is only ever passed
 * explicitly: registered, it would advertise an ML-KEM class that its archive lacks. Where one of
 * them does not load, BouncyCastle takes over its part, and the JDK keeps AES-GCM, where
 * BouncyCastle is slow.
 */
final class CryptoSuites {
  /** Set to {@code bouncycastle}, forces the pure Java fallback. */
  static final String PROPERTY = "interseal.crypto";

  private static final String FORCED_FALLBACK = "bouncycastle";
  private static final String ACCP_ED25519_KEYS =
      "com.amazon.corretto.crypto.provider.registerEdKeyFactory";
  private static final BouncyCastleSuite FALLBACK = new BouncyCastleSuite();

  private static volatile @Nullable CryptoSuite replacement;

  private CryptoSuites() {}

  /** The fastest that works here. */
  static CryptoSuite preferred() {
    return Preferred.SUITE;
  }

  /** Pure Java, explicitly BouncyCastle. */
  static CryptoSuite bouncyCastle() {
    return FALLBACK;
  }

  /** Both native libraries, or empty where one of them does not load. */
  static Optional<CryptoSuite> nativeLibraries() {
    return Natives.ACCP.isPresent() && Natives.CONSCRYPT.isPresent()
        ? Optional.of(
            new NativeSuite(Natives.ACCP.get(), Natives.CONSCRYPT.get(), Natives.ACCP.get()))
        : Optional.empty();
  }

  /** Conscrypt, unregistered. */
  static Optional<Provider> conscrypt() {
    return Natives.CONSCRYPT;
  }

  /** The suite for a value of {@link #PROPERTY}; an unknown one is refused rather than ignored. */
  static CryptoSuite choose(@Nullable String property) {
    if (FORCED_FALLBACK.equals(property)) {
      return FALLBACK;
    }
    if (property != null) {
      throw new IllegalArgumentException(PROPERTY + " can only be " + FORCED_FALLBACK);
    }
    return nativeLibraries()
        .orElseGet(() -> new MixedSuite(Natives.ACCP, Natives.CONSCRYPT, FALLBACK));
  }

  /**
   * For simulations: what {@link #preferred} gives in this process, from before it was first asked.
   *
   * @throws IllegalStateException when it was asked already
   */
  static synchronized void replacePreferred(CryptoSuite suite) {
    replacement = suite;
    if (!Preferred.SUITE.equals(suite)) {
      throw new IllegalStateException("keys were made with " + Preferred.SUITE.name());
    }
  }

  private static final class Preferred {
    static final CryptoSuite SUITE =
        replacement != null ? replacement : choose(System.getProperty(PROPERTY));
  }

  private static final class Natives {
    static final Optional<Provider> ACCP = installCorretto();
    static final Optional<Provider> CONSCRYPT = loadConscrypt();

    private static Optional<Provider> installCorretto() {
      try {
        if (System.getProperty(ACCP_ED25519_KEYS) == null) {
          // Without it the provider has no Ed25519 KeyFactory, and translates foreign keys on every
          // signature.
          System.setProperty(ACCP_ED25519_KEYS, "true");
        }
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        provider.assertHealthy();
        Security.insertProviderAt(provider, 1);
        return Optional.of(provider);
      } catch (LinkageError | RuntimeException unavailable) {
        return Optional
            .empty(); // another architecture or C library: the fallback computes the same
      }
    }

    private static Optional<Provider> loadConscrypt() {
      try {
        Provider provider = Conscrypt.newProvider();
        HpkeContextSender.getInstance(NativeSuite.HPKE, provider);
        return Optional.of(provider);
      } catch (LinkageError
          | RuntimeException
          | java.security.GeneralSecurityException unavailable) {
        return Optional.empty();
      }
    }
  }

  /** The platform's AES-GCM, whoever provides it. */
  static Provider platformAesGcm() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding").getProvider();
    } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }
}
