package org.interseal.bank.processing;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PartitionsSqliteIT extends PartitionsContract {
  @TempDir Path directory;

  @Override
  Stores stores() {
    return Stores.sqlite(directory);
  }
}
