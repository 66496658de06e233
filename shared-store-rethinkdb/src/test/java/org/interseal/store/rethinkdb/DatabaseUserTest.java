package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;

class DatabaseUserTest {
  private static final BankId BANK = new BankId("BKAAXX00");

  @Test
  void isNamedByKindBankAndNode() {
    assertThat(DatabaseUser.server(BANK, "n-1").name()).isEqualTo("server_bkaaxx00_n-1");
    assertThat(DatabaseUser.founder(BANK).name()).isEqualTo("founder_bkaaxx00");
    assertThat(DatabaseUser.authority().name()).isEqualTo("authority");
  }

  @Test
  void isNamedLikeNobodyElse() {
    assertThat(
            Stream.of(
                DatabaseUser.server(BANK, "x"),
                DatabaseUser.server(BANK, "X"),
                DatabaseUser.server(new BankId("BKBBXX00"), "x"),
                DatabaseUser.gateway(BANK, "x"),
                DatabaseUser.branch(BANK, "x"),
                DatabaseUser.observer(BANK, "x"),
                DatabaseUser.founder(BANK),
                DatabaseUser.authority()))
        .extracting(DatabaseUser::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void needsABankAndANodeWhereThereIsOneAndNoneElse() {
    assertThatNoException()
        .isThrownBy(() -> new DatabaseUser(ProcessKind.BANK_SERVER, Optional.of(BANK), "n1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseUser(ProcessKind.BANK_SERVER, Optional.empty(), "n1"));
    assertThatIllegalArgumentException().isThrownBy(() -> DatabaseUser.server(BANK, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> DatabaseUser.server(BANK, "a b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseUser(ProcessKind.BANK_FOUNDER, Optional.of(BANK), "n1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseUser(ProcessKind.AUTHORITY, Optional.of(BANK), ""));
  }

  @Test
  void takesNoPasswordButALongRandomOne() {
    NewPassword password = NewPassword.generate(new SecureRandom());
    assertThat(NewPassword.of(password.reveal()).password()).isEqualTo(password.password());
    assertThat(password).hasToString("NewPassword[redacted]");
    String most = "A".repeat(42);
    for (String weak : List.of("", "secret", most, most + "AA", most + "B", most + "=")) {
      assertThatIllegalArgumentException().as(weak).isThrownBy(() -> NewPassword.of(weak));
    }
  }
}
