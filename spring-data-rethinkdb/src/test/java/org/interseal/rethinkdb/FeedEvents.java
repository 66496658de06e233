package org.interseal.rethinkdb;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what a feed tells. */
class FeedEvents implements ChangefeedListener {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  String next() throws InterruptedException {
    String next = told.poll(60, TimeUnit.SECONDS);
    return next == null ? "nothing" : next;
  }

  /** Passes over failed attempts. */
  String nextBut(String skipped) throws InterruptedException {
    String next = next();
    while (next.equals(skipped)) {
      next = next();
    }
    return next;
  }

  @Override
  public void changed(List<Change> changes) {
    for (Change change : changes) {
      told.add(
          change
              .after()
              .map(after -> "changed " + after.text("id"))
              .orElseGet(() -> "gone " + change.before().orElseThrow().text("id")));
    }
  }

  @Override
  public void lost(String detail) {
    told.add("lost " + detail);
  }

  @Override
  public void interrupted(FeedInterruption interruption) {
    told.add("interrupted " + interruption.cause());
  }

  @Override
  public void resumed() {
    told.add("resumed");
  }
}
