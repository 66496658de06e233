package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.store.rethinkdb.DatabaseUser;

/**
 * Where a local federation keeps everything.
 *
 * @param root the {@code --data} directory
 */
public record FederationDirectory(Path root) {
  /** The name of a provisioned bank's observer. */
  public static final String OBSERVER = "observer-1";

  public FederationDirectory {
    root = root.toAbsolutePath().normalize();
  }

  /** What this directory holds: format version, banks, their partitions and ports. */
  Path description() {
    return root.resolve("federation.json");
  }

  /**
   * How many ledger partitions each bank of the federation kept here has, or will have when it is
   * founded as asked.
   *
   * @throws IOException when it was founded otherwise
   */
  public int partitions(Optional<Integer> asked) throws IOException {
    return FederationDescription.read(this).partitioned(asked).partitionsOfEach();
  }

  /** Where the federation kept here has its rows. */
  public FederationStores stores(InstantSource clock) throws IOException {
    return FederationDescription.read(this).stores(this, clock);
  }

  /** Held while a federation runs on this directory. */
  Path lock() {
    return root.resolve("federation.lock");
  }

  /** Shares of it are held by services in JVMs of their own. */
  Path serviceLock() {
    return root.resolve("services.lock");
  }

  /** The embedded store's files. */
  public Path store() {
    return root.resolve("store");
  }

  public Path sharedDatabase() {
    return store().resolve("shared.db");
  }

  public Path bankDatabase(BankId bank) {
    return store().resolve("bank-" + bank.value() + ".db");
  }

  /** The authority's memory of what it decided: beside its root certificate. */
  public Path authorityJournal() {
    return authority().resolve("journal.jsonl");
  }

  public Path authority() {
    return root.resolve("authority");
  }

  Path dashboard() {
    return root.resolve("dashboard");
  }

  public Path rootCertificate() {
    return authority().resolve("root.der");
  }

  public Path bank(BankId bank) {
    return root.resolve("banks").resolve(bank.value());
  }

  /** The banks that have a directory here. */
  List<BankId> foundBanks() throws IOException {
    Path banks = root.resolve("banks");
    if (!Files.isDirectory(banks)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(banks)) {
      return all.map(each -> new BankId(each.getFileName().toString())).sorted().toList();
    } catch (IllegalArgumentException e) {
      throw new IOException(banks + " holds more than banks: " + e.getMessage(), e);
    }
  }

  /** Files of one server, gateway or branch. */
  public Path node(BankId bank, String node) {
    return bank(bank).resolve(node);
  }

  /** Who verifies a bank of a provisioned federation. */
  public ProcessHome observer(BankId bank) {
    return new ProcessHome(node(bank, OBSERVER), DatabaseUser.observer(bank, OBSERVER).name());
  }

  public Path operatorPassword() {
    return root.resolve("operator-password");
  }

  public Path officerPassword() {
    return authority().resolve("officer-password");
  }

  public Path tellerPassword(BankId bank) {
    return bank(bank).resolve("teller-password");
  }

  Path logs() {
    return root.resolve("logs");
  }

  /** The log of all services that share the launcher's JVM. */
  Path log() {
    return logs().resolve("federation.log");
  }

  /** The log of a service in a JVM of its own. */
  Path log(Service service) {
    return logs().resolve(service.name().replace(' ', '-') + ".log");
  }
}
