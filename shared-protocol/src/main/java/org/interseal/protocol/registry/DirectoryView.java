package org.interseal.protocol.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.interseal.identity.BankId;

/**
 * All that was proven, at one moment. Immutable.
 *
 * @param banks of every bank with any record, licensed or not
 * @param resolutions the first word on each transfer, in the order of arrival
 * @param proven names of all rows that were proven
 * @param institutions which licensed bank an institution code names; two claimants have none
 */
record DirectoryView(
    Map<BankId, BankRecords> banks,
    List<Proven.Resolved> resolutions,
    Set<String> proven,
    Map<String, BankId> institutions) {

  static DirectoryView empty() {
    return new DirectoryView(Map.of(), List.of(), Set.of(), Map.of());
  }

  BankRecords records(BankId bank) {
    return banks.getOrDefault(bank, BankRecords.none());
  }

  List<BankId> licensedBanks() {
    return licensed(banks);
  }

  private static List<BankId> licensed(Map<BankId, BankRecords> banks) {
    return banks.entrySet().stream()
        .filter(e -> e.getValue().licensed().isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Collects rows into the next view. Not thread-safe. */
  static final class Builder {
    private final Map<BankId, BankRecords> banks;
    private final List<Proven.Resolved> resolutions;
    private final Set<String> proven;
    private boolean changed;

    Builder(DirectoryView from) {
      this.banks = new TreeMap<>(from.banks);
      this.resolutions = new ArrayList<>(from.resolutions);
      this.proven = new HashSet<>(from.proven);
    }

    boolean knows(String rowName) {
      return proven.contains(rowName);
    }

    /** Says what there is to say against the record, which may have been kept all the same. */
    Optional<Refusal> add(Proven record) {
      String name = record.row().name();
      if (proven.contains(name)) {
        return Optional.empty();
      }
      Optional<Refusal> refusal =
          switch (record) {
            case Proven.Resolved resolved -> resolve(resolved);
            case Proven.Licence licence -> keep(licence, records(licence).with(licence));
            case Proven.Epoch epoch -> keep(epoch, records(epoch).with(epoch));
            case Proven.Node node -> keep(node, records(node).with(node));
            case Proven.Revocation revocation ->
                keep(revocation, records(revocation).with(revocation));
          };
      if (!refusal.equals(Optional.of(Refusal.TOO_MANY))) {
        proven.add(name);
        changed = true;
      }
      return refusal;
    }

    private BankRecords records(Proven record) {
      return banks.getOrDefault(record.record().bank(), BankRecords.none());
    }

    private Optional<Refusal> keep(Proven record, BankRecords.Added added) {
      banks.put(record.record().bank(), added.records());
      return added.refusal();
    }

    private Optional<Refusal> resolve(Proven.Resolved resolved) {
      boolean spoken =
          resolutions.stream()
              .anyMatch(r -> r.record().transfer().equals(resolved.record().transfer()));
      if (spoken) {
        return Optional.of(Refusal.CONTRADICTION);
      }
      resolutions.add(resolved);
      return Optional.empty();
    }

    boolean changed() {
      return changed;
    }

    List<BankId> licensedBanks() {
      return licensed(banks);
    }

    DirectoryView build() {
      Map<String, BankId> institutions = new HashMap<>();
      Set<String> ambiguous = new HashSet<>();
      for (BankId bank : licensedBanks()) {
        if (institutions.put(bank.institution(), bank) != null) {
          ambiguous.add(bank.institution());
        }
      }
      institutions.keySet().removeAll(ambiguous);
      return new DirectoryView(
          java.util.Collections.unmodifiableMap(banks),
          List.copyOf(resolutions),
          Set.copyOf(proven),
          Map.copyOf(institutions));
    }
  }
}
