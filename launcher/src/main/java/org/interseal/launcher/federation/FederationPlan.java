package org.interseal.launcher.federation;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** Which services a local federation has, with what settings and ports. */
record FederationPlan(
    FederationDirectory directory,
    FederationDescription description,
    FederationStores stores,
    List<String> extra) {
  static final String SERVER = "server-1";
  static final String GATEWAY = "gateway-1";
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
      names.add(bank + " " + GATEWAY);
      names.add(bank + " " + BRANCH);
      names.add(bank + " " + SERVER);
    }
    List<String> all = new ArrayList<>(names);
    names.forEach(name -> all.add(name + MANAGEMENT));
    return new FederationPlan(
        directory, description.withPorts(all, options.portBase()), stores, options.settings());
  }

  /** The nodes that a bank has. */
  static List<Party> nodes(BankId bank) {
    return List.of(
        Party.server(bank, SERVER), Party.gateway(bank, GATEWAY), Party.branch(bank, BRANCH));
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
    return List.of(
        node(bank, SERVER, Service.Kind.BANK_SERVER, List.of()),
        node(bank, GATEWAY, Service.Kind.CLIENT_GATEWAY, List.of()),
        node(
            bank,
            BRANCH,
            Service.Kind.BRANCH_AGENT,
            List.of(
                "--interseal.branch.journal="
                    + directory.node(bank, BRANCH).resolve("journal.jsonl"),
                "--interseal.teller.name=" + LocalFederation.TELLER,
                "--interseal.teller.password-file=" + directory.tellerPassword(bank))));
  }

  BankPorts ports(BankId bank) {
    return new BankPorts(
        bank,
        URI.create("http://127.0.0.1:" + description.port(bank + " " + GATEWAY)),
        URI.create("http://127.0.0.1:" + description.port(bank + " " + BRANCH)),
        URI.create("http://127.0.0.1:" + description.port(bank + " " + SERVER + MANAGEMENT)));
  }

  private Service node(BankId bank, String node, Service.Kind kind, List<String> own) {
    List<String> settings = new ArrayList<>(stores.settings(bank, node));
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
    settings.addAll(extra);
    return new Service(
        name, kind, home, description.port(name), description.port(name + MANAGEMENT), settings);
  }
}
