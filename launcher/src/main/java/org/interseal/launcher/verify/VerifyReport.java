package org.interseal.launcher.verify;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an offline verification found.
 *
 * @param sound whether nothing bad was found
 * @param chains one for each ledger partition of each bank
 * @param badPlaces the first one first; empty when sound
 * @param notes what is odd and harms nothing
 */
@JsonPropertyOrder({"sound", "chains", "badPlaces", "notes"})
record VerifyReport(boolean sound, List<Chain> chains, List<BadPlace> badPlaces, List<Note> notes) {
  VerifyReport {
    chains = List.copyOf(chains);
    badPlaces = List.copyOf(badPlaces);
    notes = List.copyOf(notes);
  }

  static VerifyReport of(List<Chain> chains, List<BadPlace> badPlaces, List<Note> notes) {
    return new VerifyReport(badPlaces.isEmpty(), chains, badPlaces, notes);
  }

  /** When nothing could be judged. */
  static VerifyReport of(BadPlace damage) {
    return of(List.of(), List.of(damage), List.of());
  }

  /**
   * Rows of a shared table that nothing relies on and that are not what an honest writer leaves.
   *
   * @param reason {@code MISNAMED}: the id does not name the content; {@code UNPROVEN}: no record
   *     that the registry's rules prove
   */
  @JsonPropertyOrder({"table", "reason", "rows"})
  record Note(String table, String reason, long rows) {
    @Override
    public String toString() {
      return rows + " rows of " + table + " " + reason;
    }
  }

  /**
   * One chain, up to where it is sound. Amounts in minor units.
   *
   * @param blocks blocks with content; the rest of the height is take-overs
   * @param consumed messages that the blocks name as consumed
   * @param voidRows rows that stand where a block could, but are none
   * @param customersMinor what customers have, by currency
   * @param inFlightMinor what waits for other banks' answers, by currency
   */
  @JsonPropertyOrder({
    "bank",
    "partition",
    "height",
    "hash",
    "blocks",
    "consumed",
    "voidRows",
    "accounts",
    "devices",
    "customersMinor",
    "inFlightMinor"
  })
  record Chain(
      String bank,
      int partition,
      long height,
      String hash,
      long blocks,
      long consumed,
      long voidRows,
      int accounts,
      int devices,
      Map<String, Long> customersMinor,
      Map<String, Long> inFlightMinor) {
    Chain {
      customersMinor = new TreeMap<>(customersMinor);
      inFlightMinor = new TreeMap<>(inFlightMinor);
    }
  }
}
