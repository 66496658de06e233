package org.interseal.launcher.federation;

import java.util.List;
import java.util.Optional;

/**
 * How a local federation runs.
 *
 * @param separate a JVM for each service instead of one for all
 * @param dashboard whether Spring Boot Admin runs too
 * @param portBase the first port that is tried
 * @param servers of each bank
 * @param gateways of each bank
 * @param partitions of each bank's ledger; one, or what the data hold, when it is not given
 * @param rethinkDb address of the RethinkDB server that a new federation keeps its rows on; none
 *     for the embedded store
 * @param settings further {@code --name=value} settings of every service
 */
public record FederationOptions(
    boolean separate,
    boolean dashboard,
    int portBase,
    int servers,
    int gateways,
    Optional<Integer> partitions,
    Optional<String> rethinkDb,
    List<String> settings) {
  static final int DEFAULT_PORT_BASE = 7400;

  /** Limits that suit one machine where thousands of devices are played from one address. */
  public static final List<String> MANY_DEVICES_FROM_ONE_ADDRESS =
      List.of(
          "--interseal.gateway.limits.activations-per-minute=1000000",
          "--interseal.gateway.limits.strangers-per-second=100000",
          "--interseal.gateway.limits.stranger-per-minute=1000000",
          "--interseal.gateway.limits.device-per-second=10000",
          "--interseal.gateway.limits.devices-per-second=100000",
          "--interseal.gateway.max-event-streams=20000",
          "--interseal.gateway.max-event-streams-of-strangers=20000",
          "--interseal.terms.payment-limit-minor=100000000000",
          "--interseal.terms.daily-limit-minor=1000000000000",
          "--interseal.terms.branch-cash-cap-minor=900000000000000",
          "--interseal.terms.counterparty-cap-minor=900000000000000",
          "--interseal.terms.outstanding-cap=100000");

  public FederationOptions {
    settings = List.copyOf(settings);
  }

  /** With one server and one gateway for each bank. */
  public FederationOptions(
      boolean separate,
      boolean dashboard,
      int portBase,
      Optional<String> rethinkDb,
      List<String> settings) {
    this(separate, dashboard, portBase, 1, 1, Optional.empty(), rethinkDb, settings);
  }

  /** With so many servers and gateways for each bank. */
  public FederationOptions nodes(int moreServers, int moreGateways) {
    return new FederationOptions(
        separate, dashboard, portBase, moreServers, moreGateways, partitions, rethinkDb, settings);
  }

  /** With so many ledger partitions of each bank. */
  public FederationOptions partitioned(Optional<Integer> ofEach) {
    return new FederationOptions(
        separate, dashboard, portBase, servers, gateways, ofEach, rethinkDb, settings);
  }

  public static FederationOptions standard() {
    return new FederationOptions(false, true, DEFAULT_PORT_BASE, Optional.empty(), List.of());
  }
}
