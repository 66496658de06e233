package org.interseal.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedPollerTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void aCommitThatThePollerPassedWhileSomebodyBeganToFollowWakesThem() throws Exception {
    Path file = directory.resolve("shared.db");
    try (SqliteStore store = SqliteStore.openShared(file, Clock.systemUTC())) {
      Persevering.insert(store.append(TableName.BANK_KEYS), new NewRow("bank-a", "key", "row"));
      Persevering.insert(
          store.append(TableName.TRANSACTIONS), new NewRow("bank-a", "message", "row"));
      Feeds feeds = new Feeds();
      FeedPoller poller = new FeedPoller(file, feeds);
      poller.start();
      follow(feeds, TableName.BANK_KEYS);

      // The poller has seen the file as it is. This follower looked before the message was there.
      follow(feeds, TableName.TRANSACTIONS);
      feeds.close();
      poller.awaitEnd();
    }
  }

  private static void follow(Feeds feeds, TableName table) throws InterruptedException {
    CountDownLatch woken = new CountDownLatch(1);
    var _ = feeds.follow("owner", table, "bank-a", 0, stream -> woken.countDown(), () -> {});
    assertThat(woken.await(30, TimeUnit.SECONDS)).as("woken for %s", table).isTrue();
  }
}
