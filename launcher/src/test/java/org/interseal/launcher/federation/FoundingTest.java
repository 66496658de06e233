package org.interseal.launcher.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;

class FoundingTest {
  private static final BankId BANK = new BankId("BKAAXX00");

  @Test
  void aBanksLicenceSaysHowManyPartitionsItHas() throws IOException {
    assertThat(Founding.agreed(BANK, 4, Optional.empty())).isEqualTo(4);
    assertThat(Founding.agreed(BANK, 4, Optional.of(4))).isEqualTo(4);
  }

  @Test
  void anotherNumberIsRefused() {
    assertThatThrownBy(() -> Founding.agreed(BANK, 4, Optional.of(1)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "BKAAXX00 was founded with 4 ledger partitions, which is for ever, and not with 1");
  }
}
