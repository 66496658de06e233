package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CorrelationTest {
  @Test
  void theOuterCorrelationComesBackWhenTheInnerCloses() {
    try (Correlation _ = Correlation.of("outer")) {
      try (Correlation _ = Correlation.of("inner")) {
        assertThat(MDC.get(Correlation.KEY)).isEqualTo("inner");
      }
      assertThat(MDC.get(Correlation.KEY)).isEqualTo("outer");
    }
    assertThat(MDC.get(Correlation.KEY)).isNull();
  }
}
