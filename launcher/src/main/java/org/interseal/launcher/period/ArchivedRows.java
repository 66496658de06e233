package org.interseal.launcher.period;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/**
 * Finds the rows of a chain that archives have. A row whose id is no place is nobody's block: no
 * archive has it, and it stays in the store.
 */
final class ArchivedRows {
  private static final int PAGE = 256;

  /** Whether archives have a row, byte for byte. */
  @FunctionalInterface
  interface Archives {
    boolean have(Row row) throws IOException;
  }

  /**
   * Compared rows with nothing else between them: ids from one, inclusive, to another, exclusive.
   */
  record Range(String from, String before) {}

  private final Archives archives;

  ArchivedRows(Archives archives) {
    this.archives = archives;
  }

  /**
   * All blocks before {@code endId}.
   *
   * @throws IOException when the archives have not all of them
   */
  List<Range> of(AppendTable blocks, String prefix, String endId)
      throws IOException, StoreUnavailable {
    List<Range> ranges = new ArrayList<>();
    String first = "";
    String from = "";
    for (List<Row> page = blocks.readById(prefix, from, PAGE);
        !page.isEmpty() && page.getFirst().id().compareTo(endId) < 0;
        page = blocks.readById(prefix, from, PAGE)) {
      for (Row row : page) {
        boolean block = row.id().compareTo(endId) < 0 && ChainPlace.parse(row.id()).isPresent();
        if (block && !archives.have(row)) {
          throw new IOException("nothing is dropped: no archive has row " + row.id());
        }
        if (block && first.isEmpty()) {
          first = row.id();
        } else if (!block && !first.isEmpty()) {
          ranges.add(new Range(first, from));
          first = "";
        }
        // The next id in order: '-' is the lowest character that an id may have.
        from = row.id() + "-";
      }
    }
    if (!first.isEmpty()) {
      ranges.add(new Range(first, from));
    }
    return ranges;
  }
}
