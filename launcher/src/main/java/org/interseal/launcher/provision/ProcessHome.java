package org.interseal.launcher.provision;

import java.nio.file.Path;

/**
 * Everything that one client of the cluster keeps.
 *
 * @param directory its own
 * @param databaseUser as whom it logs in
 */
record ProcessHome(Path directory, String databaseUser) {
  /** What the cluster's nodes are certified by. */
  Path trustFile() {
    return directory.resolve("store-ca.pem");
  }

  /** What it proves itself with to the cluster's nodes, PKCS#12. */
  Path keyStore() {
    return directory.resolve("store-client.p12");
  }

  Path keyStorePassphrase() {
    return directory.resolve("store-client-passphrase");
  }

  Path databasePassword() {
    return directory.resolve("database-password");
  }

  Path operatorPassword() {
    return directory.resolve("operator-password");
  }

  Path rootCertificate() {
    return directory.resolve("root.der");
  }
}
