package org.interseal.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.store.DurableInsert;
import org.interseal.store.StoreUnavailable;

/**
 * Brings decided rows into {@code bank_keys}. A row is published when it can be read back and
 * proven, not when an insert was acknowledged; until then every call tries again. Thread-safe.
 */
final class Publication {
  /** How long a caller waits for the store. */
  private static final long MAX_WAIT_MILLIS = 15_000;

  private final DurableInsert insert;
  private final BankDirectory directory;
  private final Map<RegistryRow, Boolean> pending = new LinkedHashMap<>();

  Publication(DurableInsert insert, BankDirectory directory) {
    this.insert = insert;
    this.directory = directory;
  }

  synchronized void add(RegistryRow row) {
    pending.put(row, Boolean.TRUE);
  }

  synchronized int pending() {
    return pending.size();
  }

  /**
   * Publishes what is not published.
   *
   * @return whether everything is now visible to all readers
   * @throws StoreUnavailable when the store cannot be read
   */
  synchronized boolean publish() throws StoreUnavailable {
    directory.refresh();
    pending.keySet().removeIf(directory::knows);
    if (pending.isEmpty()) {
      return true;
    }
    List<DurableInsert.Content> contents =
        pending.keySet().stream().<DurableInsert.Content>map(row -> row::toInsert).toList();
    try {
      var _ = insert.insert(contents).get(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    directory.refresh();
    pending.keySet().removeIf(directory::knows);
    return pending.isEmpty();
  }
}
