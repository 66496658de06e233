package org.interseal.protocol.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/**
 * Reads streams of {@code bank_keys} page by page, each row once: who floods a stream is read once,
 * not at every overlap and every sweep. Not thread-safe.
 */
final class RegistryReader {
  /** Most references of one stream that a step of the sweep compares. */
  static final int SWEEP_REFERENCES = StoreLimits.MAX_REFERENCES;

  /** Most pages of missed rows of one stream that a step of the sweep hands over. */
  private static final int MAX_SWEPT_PAGES = 100;

  private final Store store;
  private final AppendTable table;
  private final Map<String, StreamReader> streams = new HashMap<>();

  RegistryReader(Store shared) {
    this.store = shared;
    this.table = shared.append(TableName.BANK_KEYS);
  }

  /** No row that is visible now has a later stamp, whichever node's clock stamped it. */
  long latestStampMillis() throws StoreUnavailable {
    return store.nowMillis() + store.overlapMillis();
  }

  /** How far a stream was read. */
  enum Reached {
    /** There is more. */
    SOME,
    /** All that was visible at the time that was given, but perhaps not its end. */
    THAT_TIME,
    END
  }

  /**
   * Reads one page on.
   *
   * @param untilMillis who writes on later does not keep a reader
   */
  Reached readPage(String stream, long untilMillis, Consumer<RegistryRow> consumer)
      throws StoreUnavailable {
    List<Row> page = reader(stream).pollAtRest(StoreLimits.MAX_ROWS);
    page.forEach(row -> consumer.accept(new RegistryRow(row.stream(), row.body())));
    if (page.isEmpty()) {
      return Reached.END;
    }
    return page.getLast().timestampMillis() > untilMillis ? Reached.THAT_TIME : Reached.SOME;
  }

  /** Compares the next ids of the stream with what was read, and hands over what was missed. */
  void sweepStep(String stream, Consumer<RegistryRow> consumer) throws StoreUnavailable {
    for (int pages = 0; pages < MAX_SWEPT_PAGES; pages++) {
      List<Row> missed = reader(stream).sweep(0, SWEEP_REFERENCES);
      if (missed.isEmpty()) {
        return;
      }
      missed.forEach(row -> consumer.accept(new RegistryRow(row.stream(), row.body())));
    }
  }

  private StreamReader reader(String stream) {
    return streams.computeIfAbsent(
        stream, name -> new StreamReader(store, table, name, Position.START));
  }
}
