package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCrypt;

class OperatorPasswordTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void aPlainPasswordIsComparedWhole() {
    var password = new OperatorPassword("a long password".toCharArray(), random);
    assertThat(password.accepts("a long password")).isTrue();
    assertThat(password.accepts("a long passwor")).isFalse();
    assertThat(password.accepts("")).isFalse();
  }

  @Test
  void aBcryptHashIsCheckedAndAgainOnceAccepted() {
    String hash = BCrypt.hashpw("a long password", BCrypt.gensalt(4));
    var password = new OperatorPassword(hash.toCharArray(), random);
    assertThat(password.accepts("wrong")).isFalse();
    assertThat(password.accepts("a long password")).isTrue();
    assertThat(password.accepts("a long password")).isTrue();
    assertThat(password.accepts("wrong")).isFalse();
    assertThat(password.accepts(hash)).isFalse();
    assertThat(password.accepts("x".repeat(100))).isFalse();
  }

  @Test
  void aShortPlainPasswordIsRefused() {
    assertThatThrownBy(() -> new OperatorPassword("short".toCharArray(), random))
        .isInstanceOf(ConfigurationRefused.class);
  }

  @Test
  void nothingIsPrinted() {
    assertThat(new OperatorPassword("a long password".toCharArray(), random))
        .hasToString("OperatorPassword[redacted]");
  }
}
