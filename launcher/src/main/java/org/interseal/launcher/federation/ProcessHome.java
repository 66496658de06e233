package org.interseal.launcher.federation;

import java.nio.file.Path;

/**
 * Everything that one client of the cluster keeps.
 *
 * @param directory its own
 * @param databaseUser as whom it logs in
 */
public record ProcessHome(Path directory, String databaseUser) {
  /** What the cluster's nodes are certified by. */
  public Path trustFile() {
    return directory.resolve("store-ca.pem");
  }

  /** What it proves itself with to the cluster's nodes, PKCS#12. */
  public Path keyStore() {
    return directory.resolve("store-client.p12");
  }

  public Path keyStorePassphrase() {
    return directory.resolve("store-client-passphrase");
  }

  public Path databasePassword() {
    return directory.resolve("database-password");
  }

  public Path operatorPassword() {
    return directory.resolve("operator-password");
  }

  public Path rootCertificate() {
    return directory.resolve("root.der");
  }
}
