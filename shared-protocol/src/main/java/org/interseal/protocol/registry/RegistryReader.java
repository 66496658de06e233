package org.interseal.protocol.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;

/**
 * Reads streams of {@code bank_keys} on from where it was, less the store's overlap. Hands the same row over more
 * than once. Not thread-safe.
 */
final class RegistryReader {
  private final AppendTable table;
  private final long overlapMillis;
  private final Map<String, Position> reached = new HashMap<>();

  RegistryReader(AppendTable table, long overlapMillis) {
    this.table = table;
    this.overlapMillis = overlapMillis;
  }

  void rewind() {
    reached.clear();
  }

  /** To the end of the stream. Each page is consumed before the next is asked for. */
  void readNew(String stream, Consumer<RegistryRow> consumer) throws StoreUnavailable {
    Position last = reached.getOrDefault(stream, Position.START);
    Position from =
        overlapMillis == 0
            ? last
            : new Position(Math.max(0, last.timestampMillis() - overlapMillis), "");
    while (true) {
      List<Row> page = table.readAfter(stream, from, StoreLimits.MAX_ROWS);
      if (page.isEmpty()) {
        return;
      }
      for (Row row : page) {
        consumer.accept(new RegistryRow(row.stream(), row.body()));
      }
      from = page.getLast().position();
      if (from.compareTo(last) > 0) {
        last = from;
        reached.put(stream, last);
      }
    }
  }
}
