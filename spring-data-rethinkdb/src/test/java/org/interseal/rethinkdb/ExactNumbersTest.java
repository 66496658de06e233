package org.interseal.rethinkdb;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactNumbersTest {
  private static void require(String json) {
    ExactNumbers.require(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740992",
        "[-9007199254740992]",
        "[1,2,[3,{\"a\":999999999999999}]]",
        "{\"n\":1.7976931348623157E308}",
        "{\"n\":123456789012345678.5}",
        "[\"9007199254740993\"]",
        "[\"a\\\"9007199254740993\",1]",
        "[\"\\\\\",1,\"9007199254740993\"]",
        "{\"9007199254740993\":true}"
      })
  void takesWhatTheServerKeepsAsItIs(String json) {
    assertThatCode(() -> require(json)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "[-9007199254740993]",
        "{\"n\":9223372036854775807}",
        "[1,\"a\\\\\",123456789012345678901234567890]",
        "[\"\\\"\",9007199254740993]"
      })
  void refusesWhatTheServerWouldRound(String json) {
    assertThatThrownBy(() -> require(json))
        .isInstanceOf(QueryRefused.class)
        .hasMessageContaining("past 2^53");
  }
}
