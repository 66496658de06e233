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
 */
@JsonPropertyOrder({"sound", "chains", "badPlaces"})
record VerifyReport(boolean sound, List<Chain> chains, List<BadPlace> badPlaces) {
  VerifyReport {
    chains = List.copyOf(chains);
    badPlaces = List.copyOf(badPlaces);
  }

  static VerifyReport of(List<Chain> chains, List<BadPlace> badPlaces) {
    return new VerifyReport(badPlaces.isEmpty(), chains, badPlaces);
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
