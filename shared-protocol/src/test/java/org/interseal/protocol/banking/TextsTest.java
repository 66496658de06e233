package org.interseal.protocol.banking;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  @Test
  void takesTextOfAnyScript() {
    assertThatCode(() -> Texts.require("name", "Žofie 山田 😀", 1, 70)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\ud83d", "a\ude00b", "\ude00\ud83d", "tab\t", "line\n"})
  void refusesWhatCannotBeWrittenOrShown(String text) {
    assertThatThrownBy(() -> Texts.require("name", text, 1, 70))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
