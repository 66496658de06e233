package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of the registry: which banks may be paid, as of a version, and which
 * servers of its own bank are evicted.
 *
 * @param version of the registry's records; 0 before the first
 * @param usable licensed, unsuspended banks and their number of partitions
 * @param known every bank that ever was usable, with its latest number of partitions; a suspended
 *     bank's transfers are still rejected in a block
 * @param evicted by key id; none in snapshots from before there were evictions
 */
public record RegistryView(
    long version,
    Map<BankId, Integer> usable,
    Map<BankId, Integer> known,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, EvictedServer> evicted) {
  static final RegistryView NONE = new RegistryView(0, Map.of(), Map.of(), Map.of());

  /**
   * A server whose key signs no blocks any more.
   *
   * @param node its name
   * @param height of the block that evicts it
   */
  public record EvictedServer(String node, long height) {}

  public RegistryView(
      long version,
      Map<BankId, Integer> usable,
      Map<BankId, Integer> known,
      @Nullable Map<String, EvictedServer> evicted) {
    this.version = version;
    this.usable = Collections.unmodifiableMap(new TreeMap<>(usable));
    this.known = Collections.unmodifiableMap(new TreeMap<>(known));
    this.evicted = evicted == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(evicted));
  }

  boolean isUsable(BankId bank) {
    return usable.containsKey(bank);
  }

  boolean isEvicted(KeyId key) {
    return evicted.containsKey(key.value());
  }

  /** Partitions that the bank has, or had; one for a bank never heard of. */
  int partitionsOf(BankId bank) {
    Integer partitions = known.get(bank);
    return partitions == null ? 1 : partitions;
  }

  RegistryView noted(long newVersion, Map<BankId, Integer> newUsable) {
    Map<BankId, Integer> all = new TreeMap<>(known);
    all.putAll(newUsable);
    return new RegistryView(newVersion, newUsable, all, evicted);
  }

  RegistryView evicted(KeyId key, String node, long height) {
    Map<String, EvictedServer> all = new TreeMap<>(evicted);
    if (all.put(key.value(), new EvictedServer(node, height)) != null) {
      throw new IllegalStateException("a server is evicted once");
    }
    return new RegistryView(version, usable, known, all);
  }
}
