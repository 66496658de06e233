package org.interseal.gateway;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.TableName;

/** Waits until a number of submissions stand in the shared store. */
final class Latch implements AutoCloseable {
  private final Semaphore news = new Semaphore(1);
  private final AppendTable table;
  private final String stream;
  private final int count;
  private final AppendTable.Feed feed;

  private Latch(Federation federation, int count) {
    this.table = federation.shared.append(TableName.TRANSACTIONS);
    this.stream = federation.bank.id().value();
    this.count = count;
    this.feed = table.follow(stream, news::release, news::release);
  }

  static Latch on(Federation federation) {
    return on(federation, 1);
  }

  static Latch on(Federation federation, int count) {
    return new Latch(federation, count);
  }

  void await() throws Exception {
    while (table.referencesAfter(stream, Position.START, count).size() < count) {
      if (!news.tryAcquire(20, TimeUnit.SECONDS)) {
        throw new AssertionError("no submission came");
      }
    }
  }

  @Override
  public void close() {
    feed.close();
  }
}
