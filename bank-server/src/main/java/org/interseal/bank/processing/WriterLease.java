package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Who should write a partition: a hint that keeps servers out of each other's way. What keeps them
 * from doing harm are the chain's fences.
 */
final class WriterLease {
  private static final int VERSION = 1;

  private record Holder(int v, String node) {}

  private final Store store;
  private final MutableTable leases;
  private final String id;
  private final String node;
  private final long leaseMillis;

  WriterLease(Store own, String partition, String node, long leaseMillis) {
    this.store = own;
    this.leases = own.mutable(TableName.LEASES);
    this.id = partition;
    this.node = node;
    this.leaseMillis = leaseMillis;
  }

  /** Takes the lease, or renews it; false while another node has it and is not silent. */
  boolean hold() throws StoreUnavailable {
    Optional<MutableTable.Versioned> row = leases.find(id);
    if (row.isPresent() && !isOurs(row.get()) && !isStale(row.get())) {
      return false;
    }
    long version = row.map(MutableTable.Versioned::version).orElse(0L);
    return leases.compareAndSet(id, version, ProtocolJson.encodeText(new Holder(VERSION, node)));
  }

  private boolean isOurs(MutableTable.Versioned row) {
    try {
      return ProtocolJson.decode(row.body(), Holder.class).node().equals(node);
    } catch (MalformedMessage e) {
      // Nobody's: it goes stale.
      return false;
    }
  }

  private boolean isStale(MutableTable.Versioned row) throws StoreUnavailable {
    return store.nowMillis() - row.timestampMillis() > leaseMillis;
  }
}
