package org.interseal.store.memory;

import java.util.List;
import java.util.Optional;
import org.interseal.store.MutableTable;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** A mutable table of an unkind store. */
final class UnkindMutableTable implements MutableTable {
  private final UnkindStore store;
  private final UnkindDatabase database;
  private final TableName name;

  UnkindMutableTable(UnkindStore store, UnkindDatabase database, TableName name) {
    this.store = store;
    this.database = database;
    this.name = name;
  }

  @Override
  public Optional<Versioned> find(String id) throws StoreUnavailable {
    store.requireOpen();
    return Optional.ofNullable(database.readMutable(name).get(id));
  }

  @Override
  public List<Versioned> all(String prefix) throws StoreUnavailable {
    store.requireOpen();
    return List.copyOf(
        database
            .readMutable(name)
            .subMap(prefix, true, prefix + Character.MAX_VALUE, false)
            .values());
  }

  @Override
  public void put(String id, String body) throws StoreUnavailable {
    StoreLimits.requireMutableRow(id, body);
    store.requireOpen();
    database.writeMutable(name, id, body, Optional.empty());
  }

  @Override
  public boolean compareAndSet(String id, long expectedVersion, String body)
      throws StoreUnavailable {
    if (expectedVersion < 0) {
      throw new IllegalArgumentException("version " + expectedVersion);
    }
    StoreLimits.requireMutableRow(id, body);
    store.requireOpen();
    return database.writeMutable(name, id, body, Optional.of(expectedVersion));
  }
}
