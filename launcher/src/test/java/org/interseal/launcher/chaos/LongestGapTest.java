package org.interseal.launcher.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;

class LongestGapTest {
  private static final BankId BANK = new BankId("BKAAXX00");
  private static final BankPartition A = new BankPartition(BANK, 0);
  private static final BankPartition B = new BankPartition(new BankId("BKABXX00"), 0);
  private static final BankPartition SECOND_OF_A = new BankPartition(BANK, 1);
  private static final long MILLI = 1_000_000;

  private final LongestGap gap = new LongestGap();

  @Test
  void isTheLongestOfAnyBank() {
    gap.begin(A, 0);
    gap.begin(B, 0);
    gap.posted(A, 10 * MILLI);
    gap.posted(B, 70 * MILLI);
    gap.posted(A, 80 * MILLI);
    gap.posted(A, 90 * MILLI);
    assertThat(gap.millis()).isEqualTo(70);
  }

  @Test
  void oneBanksPostingsDoNotHideAnothersSilence() {
    gap.begin(A, 0);
    gap.begin(B, 0);
    gap.posted(A, 50 * MILLI);
    gap.posted(A, 100 * MILLI);
    gap.end(B, 100 * MILLI);
    assertThat(gap.millis()).isEqualTo(100);
  }

  @Test
  void onePartitionsPostingsDoNotHideAnothersSilence() {
    gap.begin(A, 0);
    gap.begin(SECOND_OF_A, 0);
    gap.posted(A, 50 * MILLI);
    gap.posted(SECOND_OF_A, 80 * MILLI);
    gap.posted(A, 100 * MILLI);
    assertThat(gap.millis()).isEqualTo(80);
  }

  @Test
  void nothingCountsBeforeThePaymentsBeginAndAfterTheyEnd() {
    gap.posted(A, 500 * MILLI);
    gap.begin(A, 1_000 * MILLI);
    gap.end(A, 1_010 * MILLI);
    gap.posted(A, 9_000 * MILLI);
    assertThat(gap.millis()).isEqualTo(10);
  }
}
