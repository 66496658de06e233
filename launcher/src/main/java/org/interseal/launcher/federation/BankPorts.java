package org.interseal.launcher.federation;

import java.net.URI;
import java.util.List;
import org.interseal.identity.BankId;

/**
 * Where a running bank of a local federation is reached.
 *
 * @param gateways REST for customers, at any of them
 * @param branch REST for tellers
 * @param servers each server's actuator
 * @param partitions how many its ledger has
 */
public record BankPorts(
    BankId bank, List<URI> gateways, URI branch, List<URI> servers, int partitions) {
  public BankPorts {
    if (gateways.isEmpty() || servers.isEmpty()) {
      throw new IllegalArgumentException("a bank has a gateway and a server at least");
    }
    gateways = List.copyOf(gateways);
    servers = List.copyOf(servers);
  }

  /** The first of its gateways. */
  public URI gateway() {
    return gateways.getFirst();
  }

  /** The first server's actuator. */
  public URI operations() {
    return servers.getFirst();
  }
}
