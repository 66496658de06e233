package org.interseal.launcher.load;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.crypto.Bytes;
import org.interseal.launcher.federation.FederationStores;
import org.interseal.launcher.federation.ScratchTable;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * What the store takes by itself: rows as long as those of {@code transactions} are, in batches,
 * over as many connections as a store has, durable as the federation's own. What payments cost is
 * to be held against it.
 */
final class RawInserts {
  static final int MAX_ROWS = 20_000;
  static final int BATCH = 200;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int SAMPLE = 200;
  private static final String STREAM = "SCRATCH0";
  private static final int ID_BYTES = 32;

  private final FederationStores stores;
  private final SecureRandom random;

  RawInserts(FederationStores stores, SecureRandom random) {
    this.stores = stores;
    this.random = random;
  }

  /** Rows a second, one decimal place. */
  double perSecond() throws IOException, InterruptedException {
    return perSecond(MAX_ROWS);
  }

  /**
   * @param maxRows fewer are inserted when the time limit comes first
   */
  double perSecond(int maxRows) throws IOException, InterruptedException {
    // Sealed bytes in base64url do not compress, and neither do these.
    byte[] sealed = new byte[typicalLength() * 3 / 4 + 1];
    random.nextBytes(sealed);
    String body = Bytes.of(sealed).toBase64Url();
    try (ScratchTable table = stores.openScratch();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      table.insert(batch(body));
      AtomicInteger left = new AtomicInteger(maxRows);
      long startNanos = System.nanoTime();
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < table.connections(); i++) {
        writers.add(threads.submit(() -> write(table, body, left, startNanos)));
      }
      long rows = 0;
      for (Future<Integer> writer : writers) {
        rows += writer.get();
      }
      return Math.round(rows * 1e10 / Math.max(1, System.nanoTime() - startNanos)) / 10.0;
    } catch (ExecutionException e) {
      throw new IOException("raw inserts: " + e.getCause(), e.getCause());
    }
  }

  private int write(ScratchTable table, String body, AtomicInteger left, long startNanos)
      throws IOException {
    int rows = 0;
    while (System.nanoTime() - startNanos < LIMIT.toNanos() && left.addAndGet(-BATCH) >= 0) {
      table.insert(batch(body));
      rows += BATCH;
    }
    return rows;
  }

  private List<NewRow> batch(String body) {
    List<NewRow> rows = new ArrayList<>(BATCH);
    byte[] id = new byte[ID_BYTES];
    for (int i = 0; i < BATCH; i++) {
      random.nextBytes(id);
      rows.add(new NewRow(STREAM, Bytes.of(id).toBase64Url(), body));
    }
    return rows;
  }

  /** The median of what is there; ids are hashes, so that any page of them is a fair sample. */
  private int typicalLength() throws IOException {
    try (Store shared = stores.openShared()) {
      List<Integer> lengths =
          shared.append(TableName.TRANSACTIONS).readById("", "", SAMPLE).stream()
              .map(Row::body)
              .map(String::length)
              .sorted()
              .toList();
      if (lengths.isEmpty()) {
        throw new IOException("there are no transactions to take the size of");
      }
      return lengths.get(lengths.size() / 2);
    } catch (StoreUnavailable e) {
      throw new IOException("a store cannot be read: " + e.getMessage(), e);
    }
  }
}
