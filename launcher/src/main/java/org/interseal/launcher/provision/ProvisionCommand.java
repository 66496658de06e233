package org.interseal.launcher.provision;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.Founding;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.ProcessHome;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.federation.Welcome;
import org.interseal.protocol.registry.BankLicence;
import org.interseal.rethinkdb.ServerAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The steps by which a federation of separate processes on RethinkDB comes to be. */
@Command(
    name = "provision",
    mixinStandardHelpOptions = true,
    description =
        "Makes what separate processes on RethinkDB need, step by step: material, store, banks,"
            + " welcome. Every step makes only what is missing.")
public final class ProvisionCommand {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      defaultValue = "federation",
      description =
          "where everything is kept, a directory for each process (default: ${DEFAULT-VALUE})")
  Path data = Path.of("federation");

  @Option(
      names = "--store",
      scope = ScopeType.INHERIT,
      split = ",",
      defaultValue = "store-1,store-2,store-3",
      description = "the cluster's nodes, HOST or HOST:PORT (default: ${DEFAULT-VALUE})")
  List<String> stores = new ArrayList<>();

  @Option(
      names = "--bank",
      scope = ScopeType.INHERIT,
      split = ",",
      defaultValue = "BKAAXX00,BKABXX00",
      description = "the banks' BICs (default: ${DEFAULT-VALUE})")
  List<String> banks = new ArrayList<>();

  @Option(
      names = "--servers",
      scope = ScopeType.INHERIT,
      defaultValue = "2",
      description = "servers of each bank (default: ${DEFAULT-VALUE})")
  int servers = 2;

  @Option(
      names = "--gateways",
      scope = ScopeType.INHERIT,
      defaultValue = "2",
      description = "gateways of each bank (default: ${DEFAULT-VALUE})")
  int gateways = 2;

  @Option(
      names = "--partitions",
      scope = ScopeType.INHERIT,
      description =
          "of each bank's ledger, fixed at its founding (default: what a founded bank has, 1 for a"
              + " new one)")
  @Nullable Integer partitions;

  @Spec @Nullable CommandSpec spec;

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();

  @Command(
      name = "material",
      description = "Certificates for TLS, passwords and passphrases. Before anything runs.")
  int material() throws IOException {
    FederationOutline outline = outline();
    new Material(outline, clock, random).make();
    try (Founding founding = founding(outline, outline.authority())) {
      founding.prepareAuthority();
    }
    say("material is complete in " + outline.directory().root());
    return 0;
  }

  @Command(name = "store", description = "Databases and their users. When the cluster's nodes run.")
  int store() throws IOException, InterruptedException {
    FederationOutline outline = outline();
    new Cluster(outline, clock, random).prepare(this::say);
    say("databases and users are complete");
    return 0;
  }

  @Command(
      name = "banks",
      description = "Licences, nodes' keys and certificates. When the authority's registry runs.")
  int banks(
      @Option(
              names = "--registry",
              required = true,
              description = "address of the authority's registry")
          URI registry)
      throws IOException, InterruptedException {
    FederationOutline outline = outline();
    for (BankId bank : outline.banks()) {
      try (Founding founding = founding(outline, outline.founder(bank))) {
        founding.complete(bank, outline.nodes(bank), asked(), registry, this::say);
      }
      for (var node : outline.nodes(bank)) {
        Material.copy(
            outline.directory().rootCertificate(), outline.node(bank, node).rootCertificate());
      }
      say(bank + " is complete");
    }
    return 0;
  }

  @Command(
      name = "welcome",
      description =
          "Accounts for two customers to try things with, and the commands to do so. When the banks"
              + " run.")
  int welcome(
      @Option(
              names = "--branch",
              required = true,
              split = ",",
              description = "addresses of a branch of the first and of the second bank")
          List<URI> branches,
      @Option(
              names = "--gateway",
              required = true,
              split = ",",
              description = "addresses of their gateways, as customers reach them")
          List<URI> addresses)
      throws Exception {
    FederationOutline outline = outline();
    if (outline.banks().size() < 2 || branches.size() != 2 || addresses.size() != 2) {
      throw refused("two banks, two branches and two gateways are needed");
    }
    try (HttpClient http = http()) {
      new Welcome(
              counter(outline, 0, branches, addresses, http),
              counter(outline, 1, branches, addresses, http))
          .prepare(this::say);
    }
    return 0;
  }

  private Welcome.Counter counter(
      FederationOutline outline, int index, List<URI> branches, List<URI> gateways, HttpClient http)
      throws IOException {
    BankId bank = outline.banks().get(index);
    String password = OwnerOnlySecret.read(outline.directory().tellerPassword(bank));
    return new Welcome.Counter(
        bank,
        partitions(outline, bank),
        new TellerClient(http, branches.get(index), "teller", password, ForkJoinPool.commonPool()),
        List.of(gateways.get(index)));
  }

  /** What its licence says: branches open accounts by that, whatever is asked here. */
  private int partitions(FederationOutline outline, BankId bank) throws IOException {
    try (Founding founding = founding(outline, outline.founder(bank))) {
      return founding.partitions(bank, asked());
    }
  }

  private Optional<Integer> asked() {
    if (partitions != null && (partitions < 1 || partitions > BankLicence.MAX_PARTITIONS)) {
      throw refused("--partitions takes 1 to " + BankLicence.MAX_PARTITIONS);
    }
    return Optional.ofNullable(partitions);
  }

  private Founding founding(FederationOutline outline, ProcessHome as) {
    return new Founding(
        outline.directory(), new Cluster(outline, clock, random).as(as), http(), clock, random);
  }

  private static HttpClient http() {
    return HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
  }

  private FederationOutline outline() {
    try {
      return new FederationOutline(
          new FederationDirectory(data),
          stores.stream()
              .map(address -> ServerAddress.parse(address, ServerAddress.DEFAULT_PORT))
              .toList(),
          banks.stream().map(BankId::new).toList(),
          servers,
          gateways);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException refused(String why) {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    return new ParameterException(spec.commandLine(), why);
  }

  private void say(String line) {
    if (spec != null) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
  }
}
