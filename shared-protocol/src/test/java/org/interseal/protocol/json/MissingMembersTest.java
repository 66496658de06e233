package org.interseal.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceMessage.QueryBalance;
import org.interseal.protocol.message.DeviceMessage.QueryStatement;
import org.interseal.protocol.message.MailboxItem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MissingMembersTest {
  /** Everything that can be left out. */
  record Sample(
      String text, long number, boolean flag, @Nullable String optional, List<String> list) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"number\":1,\"flag\":true,\"list\":[]}",
        "{\"text\":\"a\",\"flag\":true,\"list\":[]}",
        "{\"text\":\"a\",\"number\":1,\"list\":[]}",
        "{\"text\":\"a\",\"number\":1,\"flag\":true}",
        "{\"text\":null,\"number\":1,\"flag\":true,\"list\":[]}",
        "{\"text\":\"a\",\"number\":1,\"flag\":true,\"list\":null}",
        "{\"text\":\"a\",\"number\":1,\"flag\":true,\"list\":[null]}",
        "{\"text\":\"a\",\"number\":1,\"flag\":null,\"list\":[]}"
      })
  void what_a_record_takes_for_granted_cannot_be_left_out(String json) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> ProtocolJson.decode(json, Sample.class));
  }

  @Test
  void what_is_optional_can_be_left_out() throws Exception {
    Sample sample =
        ProtocolJson.decode(
            "{\"text\":\"a\",\"number\":1,\"flag\":true,\"list\":[]}", Sample.class);
    assertThat(sample).isEqualTo(new Sample("a", 1, true, null, List.of()));
    assertThat(ProtocolJson.decode("{\"v\":1,\"envelope\":\"e\"}", MailboxItem.class).inReplyTo())
        .isNull();
  }

  @Test
  void a_message_without_its_account_is_malformed() {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> ProtocolJson.decode(Bytes.utf8("{}"), QueryBalance.class));
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() ->
            ProtocolJson.decode(
                Bytes.utf8("{\"fromDate\":\"2026-11-01\",\"toDate\":\"2026-11-02\"}"),
                QueryStatement.class));
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(
            () -> ProtocolJson.decode(Bytes.utf8("{}"), DeviceMessage.InstructPayment.class));
  }
}
