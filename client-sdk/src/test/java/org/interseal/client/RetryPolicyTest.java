package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void whatTheGatewayAskedForIsWaitedAndThoseRefusedTogetherComeBackApart() {
    Duration asked = Duration.ofSeconds(30);
    TreeSet<Duration> delays = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      delays.add(RetryPolicy.delay(5, Optional.of(asked), random));
    }
    assertThat(delays.getFirst()).isGreaterThanOrEqualTo(asked);
    assertThat(delays.getLast()).isLessThanOrEqualTo(asked.plus(RetryPolicy.MAX));
    assertThat(delays).hasSizeGreaterThan(50);
  }

  @Test
  void nobodyIsMadeToWaitForEver() {
    assertThat(RetryPolicy.delay(1, Optional.of(Duration.ofDays(1)), random))
        .isLessThanOrEqualTo(RetryPolicy.MAX_ASKED.plus(RetryPolicy.FIRST));
  }
}
