package org.interseal.store.sqlite;

import java.nio.file.Path;
import java.time.Clock;
import org.interseal.store.Store;
import org.interseal.store.StoreContract;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreContractTest extends StoreContract {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Override
  protected Store connectShared() {
    return SqliteStore.openShared(directory.resolve("shared.db"), Clock.systemUTC());
  }

  @Override
  protected Store connectBank() {
    return SqliteStore.openBank(directory.resolve("bank.db"), Clock.systemUTC());
  }
}
