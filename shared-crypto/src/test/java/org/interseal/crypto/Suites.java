package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.security.Provider;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.provider.Arguments;

/** The suites that every operation is tried on. */
final class Suites {
  private Suites() {}

  private static final String MISSING =
      "skipped: the native libraries are complete for Linux only; here the fallback does their work";

  /**
   * On Linux the native libraries must be there: a test run without them would prove half of what
   * it claims. Elsewhere the test is skipped.
   */
  static CryptoSuite fast() {
    if (OS.LINUX.isCurrentOs()) {
      assertThat(CryptoSuites.nativeLibraries()).isPresent();
    }
    assumeThat(CryptoSuites.nativeLibraries()).as(MISSING).isPresent();
    return CryptoSuites.nativeLibraries().orElseThrow();
  }

  /** Conscrypt by itself, under the same condition. */
  static Provider conscrypt() {
    if (OS.LINUX.isCurrentOs()) {
      assertThat(CryptoSuites.conscrypt()).isPresent();
    }
    assumeThat(CryptoSuites.conscrypt()).as(MISSING).isPresent();
    return CryptoSuites.conscrypt().orElseThrow();
  }

  /** Elsewhere than on Linux, whatever a process uses there. */
  static List<CryptoSuite> all() {
    return OS.LINUX.isCurrentOs()
        ? List.of(fast(), CryptoSuites.bouncyCastle())
        : List.of(CryptoSuites.choose(null), CryptoSuites.bouncyCastle());
  }

  /** Every ordered pair: what the first makes, the second reads. */
  static Stream<Arguments> pairs() {
    return all().stream().flatMap(one -> all().stream().map(other -> Arguments.of(one, other)));
  }
}
