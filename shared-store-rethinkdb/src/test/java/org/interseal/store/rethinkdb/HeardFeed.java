package org.interseal.store.rethinkdb;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.interseal.rethinkdb.Change;
import org.interseal.rethinkdb.ChangefeedListener;
import org.interseal.rethinkdb.FeedInterruption;

/** Writes down what a feed tells. */
final class HeardFeed implements ChangefeedListener {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  String next() throws InterruptedException {
    String next = told.poll(30, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  @Override
  public void changed(List<Change> changes) {
    changes.forEach(
        change -> told.add("changed " + change.after().orElseThrow().text(StoreFields.ID)));
  }

  @Override
  public void lost(String detail) {
    told.add("lost");
  }

  @Override
  public void interrupted(FeedInterruption interruption) {
    told.add(interruption.cause() + ": " + interruption.detail());
  }

  @Override
  public void resumed() {
    told.add("resumed");
  }
}
