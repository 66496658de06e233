package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.service.ProblemException;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RateLimits limits =
      new RateLimits(
          new GatewayProperties.Limits(2, 100, 3, 10, 2),
          new TimeMeter() {
            @Override
            public long currentTimeNanos() {
              return nanos.get();
            }

            @Override
            public boolean isWallClockBased() {
              return false;
            }
          },
          new GatewayMeters(new SimpleMeterRegistry()));

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private void assertLimited(Runnable request) {
    assertThatThrownBy(request::run).isInstanceOf(ProblemException.class);
  }

  @Test
  void aDeviceSavesUpTenSecondsAndGetsItsRateBack() {
    for (int i = 0; i < 20; i++) {
      limits.admitDevice("a");
    }
    assertLimited(() -> limits.admitDevice("a"));
    assertThatCode(() -> limits.admitDevice("b")).doesNotThrowAnyException();
    pass(1);
    limits.admitDevice("a");
    limits.admitDevice("a");
    assertLimited(() -> limits.admitDevice("a"));
  }

  @Test
  void madeUpDevicesShareTheBudgetOfTheirAddressAndOfAllStrangers() {
    for (int i = 0; i < 3; i++) {
      limits.admitStranger("key-" + i, "10.0.0.1");
    }
    assertLimited(() -> limits.admitStranger("key-9", "10.0.0.1"));
    for (int i = 0; i < 17; i++) {
      limits.admitStranger("far-" + i, "10.0.1." + i);
    }
    assertLimited(() -> limits.admitStranger("far-99", "10.0.1.99"));
    assertThatCode(() -> limits.admitDevice("linked")).doesNotThrowAnyException();
  }

  @Test
  void activationsAreCountedByAddress() {
    limits.admitActivation("10.0.0.1");
    limits.admitActivation("10.0.0.1");
    assertLimited(() -> limits.admitActivation("10.0.0.1"));
    assertThatCode(() -> limits.admitActivation("10.0.0.2")).doesNotThrowAnyException();
    pass(30);
    assertThatCode(() -> limits.admitActivation("10.0.0.1")).doesNotThrowAnyException();
  }

  @Test
  void whatIsShortForAllIsKeptForWhoLeavesItsOwnBudgetAlone() {
    // 200 are there for all, 100 of them in reserve; these want 240.
    for (int device = 0; device < 12; device++) {
      for (int i = 0; i < 20; i++) {
        try {
          limits.admitDevice("greedy-" + device);
        } catch (ProblemException e) {
          assertThat(e.code()).isEqualTo(GatewayProblem.OVERLOADED);
          assertThat(e.retryAfter()).isPresent();
        }
      }
    }
    for (int i = 0; i < 10; i++) {
      String polite = "polite-" + i;
      assertThatCode(() -> limits.admitDevice(polite)).doesNotThrowAnyException();
    }
  }

  @Test
  void aRequestThatWouldBeRefusedIsRefusedEarlyAndTakesNothing() {
    for (int i = 0; i < 30; i++) {
      limits.refuseEarly("a");
    }
    for (int i = 0; i < 20; i++) {
      limits.admitDevice("a");
    }
    assertLimited(() -> limits.refuseEarly("a"));
    pass(1);
    assertThatCode(() -> limits.refuseEarly("a")).doesNotThrowAnyException();
  }
}
