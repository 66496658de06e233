package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The suites that every operation is tried on. */
final class Suites {
  private Suites() {}

  /**
   * The native libraries must be there: a test run without them would prove half of what it claims.
   */
  static CryptoSuite fast() {
    assertThat(CryptoSuites.nativeLibraries()).isPresent();
    return CryptoSuites.nativeLibraries().orElseThrow();
  }

  static List<CryptoSuite> all() {
    return List.of(fast(), CryptoSuites.bouncyCastle());
  }

  /** Every ordered pair: what the first makes, the second reads. */
  static Stream<Arguments> pairs() {
    return all().stream().flatMap(one -> all().stream().map(other -> Arguments.of(one, other)));
  }
}
