package org.interseal.store;

import static org.interseal.store.Persevering.ask;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The stores that a contract is tried on, and what an adapter says of itself. */
abstract class StoresUnderContract {
  static final String STREAM = "bank-a";

  private final List<Store> opened = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  AppendTable transactions;

  @SuppressWarnings("NullAway.Init")
  Store store;

  /** Another connection to the shared database of this test, which is empty at first. */
  protected abstract Store connectShared();

  /** Another connection to one bank's database of this test, which is empty at first. */
  protected abstract Store connectBank();

  /**
   * Whether this adapter, as set up here, always wakes soon; the port alone promises nothing of the
   * kind.
   */
  protected boolean wakesReliably() {
    return true;
  }

  /** Whether every first try has a known outcome. */
  protected boolean answersReliably() {
    return true;
  }

  @BeforeEach
  final void open() {
    store = shared();
    transactions = store.append(TableName.TRANSACTIONS);
  }

  @AfterEach
  final void closeAll() {
    opened.forEach(Store::close);
  }

  final Store shared() {
    Store connected = connectShared();
    opened.add(connected);
    return connected;
  }

  final Store bank() {
    Store connected = connectBank();
    opened.add(connected);
    return connected;
  }

  /** Rows of {@link #STREAM} with ids {@code prefix00000} and so on. */
  protected static List<NewRow> rows(String prefix, int count) {
    List<NewRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new NewRow(STREAM, "%s%05d".formatted(prefix, i), "body of " + prefix + i));
    }
    return rows;
  }

  final List<Row> readAll(String stream, int pageSize) {
    return readAllAfter(stream, Position.START, pageSize);
  }

  final List<Row> readAllAfter(String stream, Position start, int pageSize) {
    List<Row> all = new ArrayList<>();
    Position after = start;
    while (true) {
      Position from = after;
      List<Row> page = ask(() -> transactions.readAfter(stream, from, pageSize));
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      after = page.getLast().position();
    }
  }

  final List<Row> readAllById(String prefix) {
    List<Row> all = new ArrayList<>();
    String from = "";
    while (true) {
      String next = from;
      List<Row> page = ask(() -> transactions.readById(prefix, next, 1_000));
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      from = page.getLast().id() + "-";
    }
  }

  static void put(MutableTable table, String id, String body) {
    Persevering.ask(() -> {
      table.put(id, body);
      return true;
    });
  }

  /** Work that is told its number. */
  interface Numbered<T> {
    T work(int number) throws Exception;
  }

  static <T> List<T> inParallel(int threads, Numbered<T> work) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      CountDownLatch ready = new CountDownLatch(threads);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        futures.add(
            executor.submit(() -> {
              ready.countDown();
              ready.await();
              return work.work(number);
            }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get(60, TimeUnit.SECONDS));
      }
      return results;
    }
  }
}
