package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;

/**
 * A file in a directory of its own.
 *
 * @param connections inserts that the store's one writer puts into a transaction together
 */
record EmbeddedScratchTable(Path directory, Store store, int connections) implements ScratchTable {
  private static final int AT_ONCE = 4;

  static ScratchTable make(Path directory, InstantSource clock) throws IOException {
    Files.createDirectory(directory);
    return new EmbeddedScratchTable(
        directory, SqliteStore.openShared(directory.resolve("rows.db"), clock), AT_ONCE);
  }

  @Override
  public void insert(List<NewRow> rows) throws IOException {
    List<InsertOutcome> outcomes = store.append(TableName.TRANSACTIONS).insert(rows).join();
    if (!outcomes.stream().allMatch(InsertOutcome.Inserted.class::isInstance)) {
      throw new IOException("the store did not take rows");
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
