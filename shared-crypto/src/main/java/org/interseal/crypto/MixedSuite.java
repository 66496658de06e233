package org.interseal.crypto;

import java.security.Provider;
import java.util.Optional;

/** Takes each operation from the native library that loaded, else from the fallback. */
final class MixedSuite implements CryptoSuite {
  private final CryptoSuite signatures;
  private final CryptoSuite hpke;
  private final CryptoSuite symmetric;

  MixedSuite(Optional<Provider> accp, Optional<Provider> conscrypt, CryptoSuite fallback) {
    Provider platform = CryptoSuites.platformAesGcm();
    this.symmetric = new NativeSuite(platform, platform, platform);
    this.signatures = accp.isPresent() ? new NativeSuite(accp.get(), platform, platform) : fallback;
    this.hpke =
        conscrypt.isPresent() ? new NativeSuite(platform, conscrypt.get(), platform) : fallback;
  }

  @Override
  public String name() {
    return "signatures " + signatures.name() + ", HPKE " + hpke.name();
  }

  @Override
  public SuiteInUse inUse() {
    return new SuiteInUse(
        signatures.inUse().signatures(), hpke.inUse().hpke(), symmetric.inUse().aesGcm());
  }

  @Override
  public Signer signer(SignatureAlgorithm algorithm, byte[] secret) {
    return signatures.signer(algorithm, secret);
  }

  @Override
  public Verifier verifier(SignatureAlgorithm algorithm, byte[] spki) {
    return signatures.verifier(algorithm, spki);
  }

  @Override
  public HpkeSealer sealer(byte[] publicKey) {
    return hpke.sealer(publicKey);
  }

  @Override
  public HpkeOpener opener(byte[] seed) {
    return hpke.opener(seed);
  }

  @Override
  public Aead aead(byte[] key) {
    return symmetric.aead(key);
  }
}
