package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import org.interseal.service.ConfigurationRefused;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.crypto.bcrypt.BCrypt;

class TellerAccountsTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String HASH = BCrypt.hashpw("right", BCrypt.gensalt(4, RANDOM));

  private static boolean accepts(TellerAccounts accounts, String name, String password) {
    try {
      return accounts
          .authenticate(UsernamePasswordAuthenticationToken.unauthenticated(name, password))
          .isAuthenticated();
    } catch (BadCredentialsException e) {
      return false;
    }
  }

  @Test
  void aTellerOfTheFileIsKnownByNameAndPassword() {
    TellerAccounts accounts = TellerAccounts.of(List.of("# tellers", "ada:" + HASH, ""), RANDOM);

    assertThat(accepts(accounts, "ada", "right")).isTrue();
    assertThat(accepts(accounts, "ada", "right")).isTrue();
    assertThat(accepts(accounts, "ada", "wrong")).isFalse();
    assertThat(accepts(accounts, "eve", "right")).isFalse();
    assertThat(accepts(accounts, "eve", "nobody")).isFalse();
    assertThat(accepts(accounts, "ada", "right".repeat(20))).isFalse();
  }

  @Test
  void whatIsRememberedOfOneTellerIsOfNoUseToAnother() {
    TellerAccounts accounts =
        TellerAccounts.of(
            List.of("ada:" + HASH, "bob:" + BCrypt.hashpw("bobs own", BCrypt.gensalt(4, RANDOM))),
            RANDOM);

    assertThat(accepts(accounts, "ada", "right")).isTrue();
    assertThat(accepts(accounts, "bob", "right")).isFalse();
    assertThat(accepts(accounts, "bob", "bobs own")).isTrue();
  }

  @Test
  void aFileThatIsNotNamesAndHashesIsRefused() {
    for (List<String> lines :
        List.of(
            List.of("ada"),
            List.of("ada:plain"),
            List.of(":" + HASH),
            List.of("a b:" + HASH),
            List.of("ada:" + HASH, "ada:" + HASH))) {
      assertThatThrownBy(() -> TellerAccounts.of(lines, RANDOM))
          .isInstanceOf(ConfigurationRefused.class);
    }
  }

  @Test
  void aShortPasswordInTheClearIsRefused() {
    assertThatThrownBy(() -> TellerAccounts.single("ada", "eleven char", RANDOM))
        .isInstanceOf(ConfigurationRefused.class);
    assertThat(accepts(TellerAccounts.single("ada", "twelve chars", RANDOM), "ada", "twelve chars"))
        .isTrue();
    assertThat(accepts(TellerAccounts.single("ada", HASH, RANDOM), "ada", "right")).isTrue();
  }
}
