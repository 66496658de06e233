package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenStatementsTest {
  private final OpenStatements open = new OpenStatements();

  @Test
  void aDeviceThatAsksForTooManyIsRefusedAndOthersAreNot() {
    for (int i = 0; i < OpenStatements.MAX_PER_DEVICE; i++) {
      assertThat(open.admit("greedy")).isTrue();
    }

    assertThat(open.admit("greedy")).isFalse();
    assertThat(open.admit("modest")).isTrue();
  }

  @Test
  void aPageThatIsDoneMakesRoom() {
    for (int i = 0; i < OpenStatements.MAX_PER_DEVICE; i++) {
      assertThat(open.admit("greedy")).isTrue();
    }
    open.release("greedy");

    assertThat(open.admit("greedy")).isTrue();
  }

  @Test
  void allDevicesTogetherAreBoundedToo() {
    for (int i = 0; i < OpenStatements.MAX_IN_ALL; i++) {
      assertThat(open.admit("device-" + i)).isTrue();
    }

    assertThat(open.admit("one more")).isFalse();
    open.release("device-0");
    assertThat(open.admit("one more")).isTrue();
  }

  @Test
  void releasingWhatIsNotOpenIsABug() {
    assertThatThrownBy(() -> open.release("nobody")).isInstanceOf(IllegalStateException.class);
  }
}
