package org.interseal.launcher.customer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstDaysTest {
  private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);
  private static final UUID PAYMENT = UUID.fromString("6f9619ff-8b86-4011-b42d-00c04fc964ff");
  private static final UUID OTHER = UUID.fromString("6f9619ff-8b86-4011-b42d-00c04fc96400");

  @TempDir Path folder;

  private LocalDate date(UUID payment, int daysLater) throws Exception {
    return new FirstDays(folder.resolve("first-days"))
        .executionDate(payment, FRIDAY.plusDays(daysLater));
  }

  @Test
  void datesAPaymentTodayAsLongAsTheBankRemembersIt() throws Exception {
    assertThat(date(PAYMENT, 0)).isEqualTo(FRIDAY);
    assertThat(date(PAYMENT, 28)).isEqualTo(FRIDAY.plusDays(28));
  }

  @Test
  void keepsTheFirstDayOfAPaymentThatTheBankMayHaveForgotten() throws Exception {
    assertThat(date(PAYMENT, 0)).isEqualTo(FRIDAY);
    assertThat(date(PAYMENT, 28)).isEqualTo(FRIDAY.plusDays(28));
    assertThat(date(PAYMENT, 29)).isEqualTo(FRIDAY);
    assertThat(date(OTHER, 29)).isEqualTo(FRIDAY.plusDays(29));
  }

  @Test
  void goesOnBehindALineThatWasCutOff() throws Exception {
    assertThat(date(PAYMENT, 0)).isEqualTo(FRIDAY);
    Files.writeString(folder.resolve("first-days"), OTHER + " 2026-1", StandardOpenOption.APPEND);

    assertThat(date(OTHER, 1)).isEqualTo(FRIDAY.plusDays(1));
    assertThat(date(OTHER, 40)).isEqualTo(FRIDAY.plusDays(1));
    assertThat(date(PAYMENT, 40)).isEqualTo(FRIDAY);
  }
}
