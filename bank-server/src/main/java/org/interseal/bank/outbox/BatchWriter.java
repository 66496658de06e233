package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import org.interseal.bank.meters.BankMeters;
import org.interseal.store.DurableInsert;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inserts rows of one table in batches, in the order in which they were added, each until it is
 * durable. How much may wait is bounded by {@link OutboxProgress}, which the rows belong to.
 */
final class BatchWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);
  private static final long RETRY_MILLIS = 100;
  private static final long MAX_RETRY_MILLIS = 5_000;
  private static final long JOIN_MILLIS = 10_000;

  private final TableName table;
  private final RowInsert insert;
  private final int maxRows;
  private final BankMeters meters;
  private final LinkedBlockingQueue<Outgoing> queue = new LinkedBlockingQueue<>();
  private final Monitor stop;
  private final Thread thread;
  private volatile boolean closed;

  BatchWriter(
      TableName table,
      RowInsert insert,
      int maxRows,
      ThreadFactory threads,
      RunningTime time,
      BankMeters meters) {
    this.table = table;
    this.insert = insert;
    this.maxRows = maxRows;
    this.meters = meters;
    this.stop = new Monitor(time);
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  void add(Outgoing outgoing) {
    queue.add(outgoing);
  }

  private void run() {
    try {
      while (!closed) {
        write(nextBatch());
      }
    } catch (InterruptedException e) {
      // Only close() interrupts: the thread ends. What was not written is written after the next
      // start.
      Thread.currentThread().interrupt();
    }
  }

  private List<Outgoing> nextBatch() throws InterruptedException {
    List<Outgoing> batch = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    Outgoing next = queue.take();
    while (next != null) {
      batch.add(next);
      if (next.orderKey() != null) {
        keys.add(next.orderKey());
      }
      Outgoing head = queue.peek();
      boolean fits =
          head != null
              && batch.size() < maxRows
              && head.content().isDone()
              && !keys.contains(head.orderKey());
      next = fits ? queue.poll() : null;
    }
    return batch;
  }

  private void write(List<Outgoing> batch) throws InterruptedException {
    List<Outgoing> left = new ArrayList<>(batch.size());
    List<DurableInsert.Content> rows = new ArrayList<>(batch.size());
    for (Outgoing outgoing : batch) {
      Optional<DurableInsert.Content> content = sealed(outgoing);
      if (content.isPresent()) {
        left.add(outgoing);
        rows.add(content.get());
      } else {
        outgoing.done().run();
      }
    }
    long retryMillis = RETRY_MILLIS;
    while (!rows.isEmpty() && !closed) {
      List<Boolean> durable = insert(rows);
      List<Outgoing> stillLeft = new ArrayList<>();
      List<DurableInsert.Content> again = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if (durable.get(i)) {
          left.get(i).done().run();
        } else {
          stillLeft.add(left.get(i));
          again.add(rows.get(i));
        }
      }
      meters.rows(table, rows.size() - again.size());
      left = stillLeft;
      rows = again;
      if (!rows.isEmpty()) {
        log.warn(
            "{} rows for {} are not known to be durable, trying again",
            rows.size(),
            table.sqlName());
        boolean _ = stop.awaitMillis(() -> closed, retryMillis);
        retryMillis = Math.min(MAX_RETRY_MILLIS, retryMillis * 2);
      }
    }
  }

  private List<Boolean> insert(List<DurableInsert.Content> rows) throws InterruptedException {
    try {
      return insert.insert(rows);
    } catch (RuntimeException e) {
      return rows.size() == 1 ? giveUp(e) : insertEach(rows);
    }
  }

  /** One of them met a bug: the others are not to wait for it. */
  private List<Boolean> insertEach(List<DurableInsert.Content> rows) throws InterruptedException {
    List<Boolean> durable = new ArrayList<>(rows.size());
    for (DurableInsert.Content row : rows) {
      durable.addAll(insert(List.of(row)));
    }
    return durable;
  }

  /** For the reason that {@link #sealed} has. */
  private List<Boolean> giveUp(RuntimeException bug) {
    log.error("a message for {} cannot be inserted and is not sent", table.sqlName(), bug);
    return List.of(true);
  }

  private Optional<DurableInsert.Content> sealed(Outgoing outgoing) throws InterruptedException {
    try {
      return outgoing.content().get();
    } catch (ExecutionException e) {
      // A bug that one message met. Waiting for it would keep all others from being sent, for ever.
      log.error("a message for {} cannot be sealed and is not sent", table.sqlName(), e.getCause());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    stop.change(() -> closed = true);
    thread.interrupt();
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
