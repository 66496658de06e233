package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.interseal.service.ProblemException;
import org.junit.jupiter.api.Test;

class EnvelopeMemoryTest {
  private static final int TOTAL = 320_000;

  private final EnvelopeMemory memory =
      new EnvelopeMemory(TOTAL, new GatewayMeters(new SimpleMeterRegistry()));

  /** Takes as much as it gets, byte by byte; the lease stays open. */
  private long hog(String device, boolean linked) {
    EnvelopeMemory.Lease lease = memory.lease(device, linked);
    long taken = 0;
    try {
      for (; taken <= TOTAL; taken++) {
        lease.grow(1);
      }
      throw new AssertionError("no bound");
    } catch (ProblemException e) {
      return taken;
    }
  }

  private static String refusal(Runnable request) {
    try {
      request.run();
    } catch (ProblemException e) {
      return e.code().definition().code();
    }
    throw new AssertionError("was let in");
  }

  @Test
  void oneDeviceGetsItsPartAndNoMore() {
    assertThat(hog("a", true)).isEqualTo(TOTAL / 32);
    assertThat(refusal(() -> memory.lease("a", true).grow(1))).isEqualTo("rate-limited");
  }

  @Test
  void howeverManyTakeAllTheyGetThereIsSomethingForWhoHoldsNothing() {
    for (int i = 0; i < 40; i++) {
      hog("hog-" + i, true);
    }
    assertThat(memory.heldBytes()).isLessThan(TOTAL);
    assertThatCode(() -> memory.lease("polite", true).grow(TOTAL / 1_000))
        .doesNotThrowAnyException();
  }

  @Test
  void madeUpDevicesAreOneOwner() {
    assertThat(hog("made up 1", false)).isEqualTo(TOTAL / 8);
    assertThat(hog("made up 2", false)).isZero();
    assertThat(refusal(() -> memory.lease("made up 3", false).grow(1))).isEqualTo("overloaded");
    assertThatCode(() -> memory.lease("linked", true).grow(100)).doesNotThrowAnyException();
  }

  @Test
  void whatIsGivenBackCanBeTakenAgainAndClosingTwiceIsHarmless() {
    List<EnvelopeMemory.Lease> leases = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      EnvelopeMemory.Lease lease = memory.lease("a", true);
      lease.grow(500);
      leases.add(lease);
    }
    assertThat(refusal(() -> memory.lease("a", true).grow(500))).isEqualTo("rate-limited");
    for (EnvelopeMemory.Lease lease : leases) {
      lease.close();
      lease.close();
    }
    assertThat(memory.heldBytes()).isZero();
    assertThat(hog("a", true)).isEqualTo(TOTAL / 32);
  }
}
