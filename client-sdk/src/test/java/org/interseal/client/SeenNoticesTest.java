package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.interseal.crypto.Bytes;
import org.junit.jupiter.api.Test;

class SeenNoticesTest {
  private static final long NOW = 1_000_000;

  private static Bytes id(int number) {
    return Bytes.of(ByteBuffer.allocate(16).putInt(number).array());
  }

  @Test
  void aNoticeIsNewsOnceAndNotAfterItsExpiry() {
    SeenNotices seen = SeenNotices.none().with(id(1), NOW + 10, NOW);

    assertThat(seen.judge(id(1), NOW + 10, NOW)).isNotEqualTo(SeenNotices.News.NEW);
    assertThat(seen.judge(id(2), NOW + 10, NOW)).isEqualTo(SeenNotices.News.NEW);
    assertThat(seen.judge(id(2), NOW, NOW)).isNotEqualTo(SeenNotices.News.NEW);
  }

  @Test
  void whatIsDroppedForRoomIsOldAllTheSame() {
    SeenNotices seen = SeenNotices.none();
    for (int i = 0; i < 3 * SeenNotices.MAX_SEEN; i++) {
      seen = seen.with(id(i), NOW + 10 + i, NOW);
    }

    assertThat(seen.seen()).hasSize(SeenNotices.MAX_SEEN);
    for (int i = 0; i < 3 * SeenNotices.MAX_SEEN; i++) {
      assertThat(seen.judge(id(i), NOW + 10 + i, NOW)).isNotEqualTo(SeenNotices.News.NEW);
    }
    assertThat(seen.judge(id(-1), NOW + 10 + 3 * SeenNotices.MAX_SEEN, NOW))
        .isEqualTo(SeenNotices.News.NEW);
  }

  @Test
  void aClockThatIsPutBackBringsNothingBack() {
    SeenNotices seen =
        SeenNotices.none().with(id(1), NOW + 10, NOW).with(id(2), NOW + 1_000, NOW + 500);

    assertThat(seen.seen()).hasSize(1);
    assertThat(seen.judge(id(1), NOW + 10, NOW)).isNotEqualTo(SeenNotices.News.NEW);
  }
}
