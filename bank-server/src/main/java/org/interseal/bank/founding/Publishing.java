package org.interseal.bank.founding;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.store.DurableInsert;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/** Inserts one row and waits. Founding is rare, so it has no threads of its own in between. */
final class Publishing {
  private static final DurableInsert.Limits LIMITS = new DurableInsert.Limits(8, 15_000, 50);

  private Publishing() {}

  /** Durable when it returns. */
  static void insert(Store store, TableName table, DurableInsert.Content content)
      throws IOException {
    try (ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("founding").factory())) {
      DurableInsert insert =
          new DurableInsert(
              store,
              table,
              DurableInsert.ReadBy.CURSOR,
              LIMITS,
              Scheduler.on(timer),
              System::nanoTime,
              new SecureRandom());
      switch (insert.insert(List.of(content)).join().getFirst()) {
        case DurableInsert.Result.Durable _ -> {}
        case DurableInsert.Result.GaveUp(String reason) ->
            throw new IOException(
                "the store did not take a row of " + table.sqlName() + ": " + reason);
      }
    }
  }
}
