package org.interseal.launcher.federation;

import java.io.IOException;
import java.util.List;
import org.interseal.store.NewRow;

/**
 * Rows that nobody reads, beside a federation's databases and on the same server or disk: for
 * measuring what inserts cost there by themselves. Closing it removes all of it.
 */
public interface ScratchTable extends AutoCloseable {
  /** As many inserts as can be under way at once. */
  int connections();

  /** Returns when all rows are as durable as the federation's own. Thread-safe. */
  void insert(List<NewRow> rows) throws IOException;

  @Override
  void close() throws IOException;
}
