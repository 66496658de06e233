package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.interseal.service.ProblemException;
import org.interseal.store.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxCursorTest {
  private static final Position POSITION = new Position(1_795_176_000_123L, "abc-_.:1");

  @Test
  void aCursorReadsItsOwnText() {
    for (MailboxCursor cursor :
        new MailboxCursor[] {
          MailboxCursor.START, MailboxCursor.resume(POSITION), MailboxCursor.nextPage(POSITION)
        }) {
      assertThat(MailboxCursor.parse(cursor.text())).isEqualTo(cursor);
    }
    assertThat(MailboxCursor.parse("")).isEqualTo(MailboxCursor.START);
  }

  @Test
  void resumingGoesBackByTheOverlapAndPagingDoesNot() {
    assertThat(MailboxCursor.resume(POSITION).readFrom(1_000))
        .isEqualTo(new Position(1_795_175_999_123L, ""));
    assertThat(MailboxCursor.resume(POSITION).readFrom(0)).isEqualTo(POSITION);
    assertThat(MailboxCursor.nextPage(POSITION).readFrom(1_000)).isEqualTo(POSITION);
    assertThat(MailboxCursor.START.readFrom(1_000)).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "c",
        "c1",
        "c-1-a",
        "C1-a",
        "c1-a b",
        "c1-ä",
        "c1234567890123456-a",
        "c1-a\n"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> MailboxCursor.parse(text)).isInstanceOf(ProblemException.class);
  }
}
