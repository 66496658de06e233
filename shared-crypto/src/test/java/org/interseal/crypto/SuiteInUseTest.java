package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Provider;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuiteInUseTest {
  private static final String CORRETTO = "AmazonCorrettoCryptoProvider";
  private static final Optional<Provider> ABSENT = Optional.empty();

  @Test
  void nativeLibrariesAreNoFallback() {
    assertThat(Suites.fast().inUse()).isEqualTo(SuiteInUse.current());
    assertThat(SuiteInUse.current()).isEqualTo(new SuiteInUse(CORRETTO, "Conscrypt", CORRETTO));
    assertThat(SuiteInUse.current().fallback()).isFalse();
  }

  @Test
  void thePureJavaSuiteIsAFallback() {
    SuiteInUse forced = CryptoSuites.choose("bouncycastle").inUse();
    assertThat(forced).isEqualTo(new SuiteInUse("BouncyCastle", "BouncyCastle", "BouncyCastle"));
    assertThat(forced.fallback()).isTrue();
  }

  @Test
  void oneLibraryThatDoesNotLoadIsNamedByWhoStandsInForIt() {
    CryptoSuite bouncyCastle = CryptoSuites.bouncyCastle();

    SuiteInUse withoutCorretto =
        new MixedSuite(ABSENT, Optional.of(Suites.conscrypt()), bouncyCastle).inUse();
    assertThat(withoutCorretto.signatures()).isEqualTo("BouncyCastle");
    assertThat(withoutCorretto.hpke()).isEqualTo("Conscrypt");
    assertThat(withoutCorretto.fallback()).isTrue();
  }

  @Test
  void withoutAnyLibraryThePlatformDoesWhatIsSlowInPureJava() {
    CryptoSuite bouncyCastle = CryptoSuites.bouncyCastle();
    SuiteInUse withoutBoth = new MixedSuite(ABSENT, ABSENT, bouncyCastle).inUse();
    assertThat(withoutBoth.hpke()).isEqualTo("BouncyCastle");
    // Where BouncyCastle is slow, the platform does the work.
    assertThat(withoutBoth.aesGcm()).isEqualTo(CryptoSuites.platformAesGcm().getName());
  }
}
