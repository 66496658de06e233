package org.interseal.launcher.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.ProcessHome;
import org.interseal.rethinkdb.ServerAddress;

/**
 * Certificates and secrets. Two authorities, because who is certified for the cluster's own port is
 * the cluster's master: what a client has must not open that port.
 */
final class Material {
  private final FederationOutline outline;
  private final InstantSource clock;
  private final SecureRandom random;

  Material(FederationOutline outline, InstantSource clock, SecureRandom random) {
    this.outline = outline;
    this.clock = clock;
    this.random = random;
  }

  void make() throws IOException {
    ProcessHome provisioner = outline.provisioner();
    TlsAuthority cluster =
        TlsAuthority.ensure(
            provisioner.directory().resolve("cluster-ca"),
            "Interseal cluster nodes",
            clock,
            random);
    TlsAuthority driver =
        TlsAuthority.ensure(
            provisioner.directory().resolve("store-ca"),
            "Interseal store and its clients",
            clock,
            random);
    String adminPassword =
        OwnerOnlySecret.read(OwnerOnlySecret.ensure(provisioner.databasePassword(), random));
    for (ServerAddress node : outline.stores()) {
      node(outline.store(node), node.host(), cluster, driver, adminPassword);
    }
    client(provisioner, driver);
    for (ProcessHome client : outline.clients().values()) {
      client(client, driver);
    }
    operators();
  }

  private static void node(
      Path home, String host, TlsAuthority cluster, TlsAuthority driver, String adminPassword)
      throws IOException {
    cluster.ensurePem(
        home.resolve("cluster.pem"), home.resolve("cluster.key"), TlsAuthority.Use.PEER, host);
    driver.ensurePem(
        home.resolve("driver.pem"), home.resolve("driver.key"), TlsAuthority.Use.SERVER, host);
    OwnerOnlySecret.replace(home.resolve("cluster-ca.pem"), cluster.certificatePem());
    OwnerOnlySecret.replace(home.resolve("driver-ca.pem"), driver.certificatePem());
    // What a fresh node gives its admin. It reads this no more once there is a password.
    OwnerOnlySecret.replace(
        home.resolve("initial-password.conf"),
        ("initial-password=" + adminPassword + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void client(ProcessHome home, TlsAuthority driver) throws IOException {
    Files.createDirectories(home.directory());
    driver.ensureKeyStore(home.keyStore(), home.keyStorePassphrase(), home.databaseUser());
    OwnerOnlySecret.replace(home.trustFile(), driver.certificatePem());
    OwnerOnlySecret.ensure(home.databasePassword(), random);
  }

  /**
   * One operators' password for the authority and one for each bank, and all of them for the
   * monitoring.
   */
  private void operators() throws IOException {
    ProcessHome authority = outline.authority();
    OwnerOnlySecret.ensure(authority.operatorPassword(), random);
    copy(authority.operatorPassword(), outline.monitoring().resolve("authority-password"));
    for (BankId bank : outline.banks()) {
      Path password = outline.founder(bank).operatorPassword();
      OwnerOnlySecret.ensure(password, random);
      for (var node : outline.nodes(bank)) {
        copy(password, outline.node(bank, node).operatorPassword());
      }
      copy(password, outline.monitoring().resolve(bank + "-password"));
      Path teller = OwnerOnlySecret.ensure(outline.directory().tellerPassword(bank), random);
      copy(teller, outline.node(bank, outline.branch(bank)).directory().resolve("teller-password"));
    }
  }

  static void copy(Path from, Path to) throws IOException {
    OwnerOnlySecret.replace(to, Files.readAllBytes(from));
  }
}
