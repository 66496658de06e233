package org.interseal.launcher.provision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.ProcessHome;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.store.rethinkdb.DatabaseUser;

/**
 * Which processes a provisioned federation has.
 *
 * @param stores the cluster's nodes, under the names that their certificates are to have
 * @param servers of each bank
 * @param gateways of each bank
 */
record FederationOutline(
    FederationDirectory directory,
    List<ServerAddress> stores,
    List<BankId> banks,
    int servers,
    int gateways) {
  static final int MAX_NODES = 20;
  static final String ADMIN = "admin";

  FederationOutline {
    stores = List.copyOf(stores);
    banks = List.copyOf(banks);
    if (stores.isEmpty()
        || banks.isEmpty()
        || stores.size() > MAX_NODES
        || banks.size() > MAX_NODES) {
      throw new IllegalArgumentException(
          "1 to " + MAX_NODES + " nodes of the cluster, and as many banks");
    }
    if (servers < 1 || gateways < 1 || servers > MAX_NODES || gateways > MAX_NODES) {
      throw new IllegalArgumentException(
          "a bank has 1 to " + MAX_NODES + " servers, and as many gateways");
    }
  }

  /** Files of one of the cluster's nodes. */
  Path store(ServerAddress node) {
    return directory.store().resolve(node.host());
  }

  /** What the provisioning itself needs: authorities' keys, the cluster's admin. */
  ProcessHome provisioner() {
    return new ProcessHome(directory.root().resolve("provisioner"), ADMIN);
  }

  Path monitoring() {
    return directory.root().resolve("monitoring");
  }

  ProcessHome authority() {
    return new ProcessHome(directory.authority(), DatabaseUser.authority().name());
  }

  /** The tool that admits and evicts a bank's nodes. */
  ProcessHome founder(BankId bank) {
    return new ProcessHome(
        directory.bank(bank).resolve("founding"), DatabaseUser.founder(bank).name());
  }

  ProcessHome node(BankId bank, Party node) {
    return new ProcessHome(directory.node(bank, node.name()), user(bank, node).name());
  }

  List<Party> nodes(BankId bank) {
    List<Party> nodes = new ArrayList<>();
    for (int i = 1; i <= servers; i++) {
      nodes.add(Party.server(bank, "server-" + i));
    }
    for (int i = 1; i <= gateways; i++) {
      nodes.add(Party.gateway(bank, "gateway-" + i));
    }
    nodes.add(branch(bank));
    return nodes;
  }

  Party branch(BankId bank) {
    return Party.branch(bank, "branch-1");
  }

  private static DatabaseUser user(BankId bank, Party node) {
    return switch (node.role()) {
      case SERVER -> DatabaseUser.server(bank, node.name());
      case GATEWAY -> DatabaseUser.gateway(bank, node.name());
      case BRANCH -> DatabaseUser.branch(bank, node.name());
      case AUTHORITY, BANK, INTERNAL_CA, DEVICE ->
          throw new IllegalArgumentException("no node: " + node);
    };
  }

  /**
   * The authority, and every bank's founder, nodes and observer: whoever is to have a database
   * user, and its files.
   */
  Map<DatabaseUser, ProcessHome> clients() {
    Map<DatabaseUser, ProcessHome> all = new LinkedHashMap<>();
    all.put(DatabaseUser.authority(), authority());
    for (BankId bank : banks) {
      all.put(DatabaseUser.founder(bank), founder(bank));
      nodes(bank).forEach(node -> all.put(user(bank, node), node(bank, node)));
      ProcessHome observer = directory.observer(bank);
      all.put(DatabaseUser.observer(bank, FederationDirectory.OBSERVER), observer);
    }
    return all;
  }
}
