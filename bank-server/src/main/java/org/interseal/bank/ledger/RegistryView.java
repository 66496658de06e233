package org.interseal.bank.ledger;

import java.util.Map;
import java.util.TreeMap;
import org.interseal.identity.BankId;

/**
 * What the ledger knows of the registry: which banks may be paid, as of a version.
 *
 * @param version of the registry's records; 0 before the first
 * @param usable licensed, unsuspended banks and their number of partitions
 * @param known every bank that ever was usable, with its latest number of partitions; a suspended
 *     bank's transfers are still rejected in a block
 */
public record RegistryView(long version, Map<BankId, Integer> usable, Map<BankId, Integer> known) {
  static final RegistryView NONE = new RegistryView(0, Map.of(), Map.of());

  public RegistryView {
    usable = java.util.Collections.unmodifiableMap(new TreeMap<>(usable));
    known = java.util.Collections.unmodifiableMap(new TreeMap<>(known));
  }

  boolean isUsable(BankId bank) {
    return usable.containsKey(bank);
  }

  /** Partitions that the bank has, or had; one for a bank never heard of. */
  int partitionsOf(BankId bank) {
    Integer partitions = known.get(bank);
    return partitions == null ? 1 : partitions;
  }

  RegistryView noted(long newVersion, Map<BankId, Integer> newUsable) {
    Map<BankId, Integer> all = new TreeMap<>(known);
    all.putAll(newUsable);
    return new RegistryView(newVersion, newUsable, all);
  }
}
