package org.interseal.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.interseal.rethinkdb.QueryRefused.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallTypesTest {
  @ParameterizedTest
  @CsvSource({
    "db.example, db.example, 28015",
    "db.example:1, db.example, 1",
    "10.0.0.1:65535, 10.0.0.1, 65535",
    "[::1]:99, ::1, 99",
    "[::1], ::1, 28015",
    "::1, ::1, 28015",
    "fe80::2:1, fe80::2:1, 28015"
  })
  void readsServerAddresses(String text, String host, int port) {
    assertThat(ServerAddress.parse(text, ServerAddress.DEFAULT_PORT))
        .isEqualTo(new ServerAddress(host, port));
  }

  @ParameterizedTest
  @CsvSource({"db:x", "db:", "db:0", "db:65536", "':1'", "'  '"})
  void refusesWhatIsNoServerAddress(String text) {
    assertThatThrownBy(() -> ServerAddress.parse(text, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doublesPausesUpToTheirBoundAndLeavesHalfToChance() {
    BackOff backOff = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(1));
    var random = new SplittableRandom(1);
    for (int failures = 1; failures < 200; failures++) {
      long ceilingMillis = failures >= 5 ? 1_000 : 100L << (failures - 1);
      assertThat(backOff.pause(failures, random))
          .isBetween(Duration.ofMillis(ceilingMillis / 2), Duration.ofMillis(ceilingMillis));
    }
  }

  @Test
  void survivesBoundsNearTheLargestDuration() {
    BackOff backOff = new BackOff(Duration.ofDays(40_000), Duration.ofDays(100_000));
    assertThat(backOff.pause(9, new SplittableRandom(1))).isPositive();
  }

  @Test
  void doesNotPrintPasswords() {
    assertThat(Password.of("secret"))
        .hasToString("Password[redacted]")
        .isEqualTo(Password.of("secret"));
    assertThat(Fixtures.settings(new ServerAddress("h", 1)).toString())
        .doesNotContain(FakeServer.PASSWORD);
  }

  @Test
  void decodesTimesAndBinariesAndKeepsNumbersExact() throws IOException {
    Document row =
        Document.of(
            parse(
                    "{\"t\":1,\"r\":[{\"at\":{\"$reql_type$\":\"TIME\",\"epoch_time\":1700000000.123,\"timezone\":\"+00:00\"},"
                        + "\"raw\":{\"$reql_type$\":\"BINARY\",\"data\":\"AQI=\"},\"n\":9007199254740992,\"d\":3.0,\"none\":null}]}")
                .rows()
                .getFirst());
    assertThat(row.fields()).containsEntry("at", Instant.ofEpochMilli(1_700_000_000_123L));
    assertThat(row.fields().get("raw")).isEqualTo(new byte[] {1, 2});
    assertThat(row.number("n")).isEqualTo(1L << 53);
    assertThat(row.number("d")).isEqualTo(3);
    assertThat(row.has("none")).isFalse();
    assertThatThrownBy(() -> row.text("n")).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2000000, LIMIT_EXCEEDED",
    "3000000, QUERY_LOGIC",
    "3100000, NOT_FOUND",
    "4100000, TABLE_UNAVAILABLE",
    "5000000, RAISED_BY_QUERY",
    "6000000, PERMISSION",
    "1000000, INTERNAL"
  })
  void tellsTheServersErrorsApart(int code, Reason reason) throws IOException {
    ServerResponse response = parse("{\"t\":18,\"e\":" + code + ",\"r\":[\"why\"]}");
    assertThatThrownBy(response::throwIfError)
        .isInstanceOfSatisfying(QueryRefused.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessage("why");
  }

  @Test
  void takesAnIndeterminateOrUnknownErrorForAnUnknownOutcome() throws IOException {
    for (String code : List.of("\"e\":4200000,", "\"e\":4242424,", "")) {
      ServerResponse response = parse("{\"t\":18," + code + "\"r\":[\"who knows\"]}");
      assertThatThrownBy(response::throwIfError).isInstanceOf(OutcomeUnknown.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}", "[]", "null", "{\"t\":99,\"r\":[]}", "{\"t\":1}", "{", "nonsense"})
  void refusesWhatIsNoAnswer(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(IOException.class);
  }

  @Test
  void tellsChangesStatesAndLossesApart() {
    FeedBatch batch =
        FeedBatch.of(
            List.of(
                Map.of("state", "ready"),
                Map.of("new_val", Map.of("id", "a")),
                Map.of("error", "Changefeed cache over array size limit, skipped 7 elements."),
                Map.of("surprise", 1),
                "surprise"));
    assertThat(batch.changes())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.before()).isEmpty();
          assertThat(c.after().orElseThrow().text("id")).isEqualTo("a");
        });
    assertThat(batch.losses()).hasSize(3).first().asString().contains("skipped 7");
  }

  private static ServerResponse parse(String json) throws IOException {
    return ServerResponse.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
