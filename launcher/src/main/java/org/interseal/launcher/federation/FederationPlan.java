package org.interseal.launcher.federation;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;

/** Which services a local federation has, with what settings and ports. */
record FederationPlan(
    FederationDirectory directory,
    FederationDescription description,
    FederationStores stores,
    FederationOptions options) {
  /** What every server is called, less its number. */
  static final String SERVERS = "server-";

  /** The server that every bank has. */
  static final String SERVER = SERVERS + 1;

  static final String BRANCH = "branch-1";
  private static final String MANAGEMENT = " management";

  static FederationPlan of(
      FederationDirectory directory,
      FederationDescription description,
      FederationStores stores,
      FederationOptions options) {
    List<String> names = new ArrayList<>();
    names.add("key-registry");
    names.add("dashboard");
    for (BankId bank : description.banks()) {
      names.add(bank + " " + gateway(1));
      names.add(bank + " " + BRANCH);
      names.add(bank + " " + server(1));
    }
    for (BankId bank : description.banks()) {
      for (Party node : nodes(bank, options)) {
        if (!names.contains(bank + " " + node.name())) {
          names.add(bank + " " + node.name());
        }
      }
    }
    List<String> all = new ArrayList<>(names);
    names.forEach(name -> all.add(name + MANAGEMENT));
    return new FederationPlan(
        directory, description.withPorts(all, options.portBase()), stores, options);
  }

  static String server(int number) {
    return SERVERS + number;
  }

  private static String gateway(int number) {
    return "gateway-" + number;
  }

  /** The nodes that a bank has, in the order in which they start. */
  List<Party> nodes(BankId bank) {
    return nodes(bank, options);
  }

  private static List<Party> nodes(BankId bank, FederationOptions options) {
    List<Party> nodes = new ArrayList<>();
    for (int i = 1; i <= options.servers(); i++) {
      nodes.add(Party.server(bank, server(i)));
    }
    for (int i = 1; i <= options.gateways(); i++) {
      nodes.add(Party.gateway(bank, gateway(i)));
    }
    nodes.add(Party.branch(bank, BRANCH));
    return nodes;
  }

  Service registry() {
    Path authority = directory.authority();
    return service(
        "key-registry",
        Service.Kind.KEY_REGISTRY,
        authority,
        Stream.concat(
                stores.settings().stream(),
                Stream.of(
                    "--interseal.vault.file=" + authority.resolve("vault.p12"),
                    "--interseal.vault.passphrase-file=" + authority.resolve("passphrase"),
                    "--interseal.root-certificate=" + directory.rootCertificate(),
                    "--interseal.authority.create=true",
                    "--interseal.officer.password-file=" + directory.officerPassword()))
            .toList());
  }

  Service dashboard() {
    return service("dashboard", Service.Kind.DASHBOARD, directory.dashboard(), List.of());
  }

  /** A bank's services in the order in which they start. */
  List<Service> services(BankId bank) {
    return nodes(bank).stream().map(node -> service(bank, node)).toList();
  }

  private Service service(BankId bank, Party node) {
    return switch (node.role()) {
      case SERVER -> node(bank, node, Service.Kind.BANK_SERVER, List.of());
      case GATEWAY -> node(bank, node, Service.Kind.CLIENT_GATEWAY, List.of());
      case BRANCH ->
          node(
              bank,
              node,
              Service.Kind.BRANCH_AGENT,
              List.of(
                  "--interseal.branch.journal="
                      + directory.node(bank, node.name()).resolve("journal.jsonl"),
                  "--interseal.teller.name=" + LocalFederation.TELLER,
                  "--interseal.teller.password-file=" + directory.tellerPassword(bank)));
      case AUTHORITY, BANK, INTERNAL_CA, DEVICE ->
          throw new IllegalArgumentException("no process: " + node);
    };
  }

  BankPorts ports(BankId bank) {
    return new BankPorts(
        bank,
        urls(bank, PartyRole.GATEWAY, ""),
        url(bank + " " + BRANCH),
        urls(bank, PartyRole.SERVER, MANAGEMENT),
        description.partitionsOfEach());
  }

  private List<URI> urls(BankId bank, PartyRole role, String suffix) {
    return nodes(bank).stream()
        .filter(node -> node.role() == role)
        .map(node -> url(bank + " " + node.name() + suffix))
        .toList();
  }

  private URI url(String name) {
    return URI.create("http://127.0.0.1:" + description.port(name));
  }

  private Service node(BankId bank, Party party, Service.Kind kind, List<String> own) {
    String node = party.name();
    List<String> settings = new ArrayList<>(stores.settings(party));
    settings.addAll(
        List.of(
            "--interseal.bank=" + bank,
            "--interseal.node=" + node,
            "--interseal.vault.file=" + directory.node(bank, node).resolve("vault.p12"),
            "--interseal.vault.passphrase-file=" + directory.node(bank, node).resolve("passphrase"),
            "--interseal.root-certificate=" + directory.rootCertificate()));
    settings.addAll(own);
    return service(bank + " " + node, kind, directory.node(bank, node), settings);
  }

  private Service service(String name, Service.Kind kind, Path home, List<String> own) {
    List<String> settings = new ArrayList<>(own);
    settings.add("--interseal.operator.name=" + LocalFederation.OPERATOR);
    settings.add("--interseal.operator.password-file=" + directory.operatorPassword());
    settings.addAll(options.settings());
    return new Service(
        name, kind, home, description.port(name), description.port(name + MANAGEMENT), settings);
  }
}
