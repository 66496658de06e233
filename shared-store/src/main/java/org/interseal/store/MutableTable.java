package org.interseal.store;

import java.util.List;
import java.util.Optional;

/** A table of rows that change: leases and heartbeats. A hint, never the truth. Thread-safe. */
public interface MutableTable {
  /**
   * A value with the version that compare-and-set asks for and the store's stamp of its last
   * change.
   */
  record Versioned(String id, String body, long version, long timestampMillis) {}

  Optional<Versioned> find(String id) throws StoreUnavailable;

  List<Versioned> all(String prefix) throws StoreUnavailable;

  /** Unconditional write. */
  void put(String id, String body) throws StoreUnavailable;

  /**
   * Writes when the row's version is {@code expectedVersion} (0: the row is absent); says whether
   * it did.
   */
  boolean compareAndSet(String id, long expectedVersion, String body) throws StoreUnavailable;
}
