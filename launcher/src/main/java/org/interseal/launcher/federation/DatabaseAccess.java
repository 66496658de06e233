package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.TlsContext;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.SecretFile;

/**
 * How a cluster is reached, and as whom. Secrets are files that only their owner can read.
 *
 * @param password none for a user without one
 * @param trust PEM, whom the servers are certified by; none for no TLS
 */
public record DatabaseAccess(
    List<ServerAddress> servers,
    String user,
    Optional<Path> password,
    Optional<Path> trust,
    Optional<Keys> keys) {
  /**
   * What a client proves itself with, PKCS#12.
   *
   * @param passphrase the file's
   */
  public record Keys(Path file, Path passphrase) {}

  public DatabaseAccess {
    servers = List.copyOf(servers);
    if (keys.isPresent() && trust.isEmpty()) {
      throw new IllegalArgumentException("a client's keys are for TLS: say whom to trust");
    }
  }

  /** With TLS, a password and a certificate, all of them kept in the process's own directory. */
  public static DatabaseAccess of(List<ServerAddress> servers, ProcessHome home) {
    return new DatabaseAccess(
        servers,
        home.databaseUser(),
        Optional.of(home.databasePassword()),
        Optional.of(home.trustFile()),
        Optional.of(new Keys(home.keyStore(), home.keyStorePassphrase())));
  }

  /** The same to one node alone. */
  public DatabaseAccess at(ServerAddress server) {
    return new DatabaseAccess(List.of(server), user, password, trust, keys);
  }

  /**
   * Reads the files; connects when it is first used.
   *
   * @throws IOException when a file is missing, cannot be used or can be read by others
   */
  public ConnectionPool connect(SecureRandom random) throws IOException {
    try {
      ConnectionSettings settings =
          ConnectionSettings.of(
              servers,
              user,
              password.isPresent()
                  ? secret("the password of " + user, password.get())
                  : Password.empty());
      if (trust.isPresent()) {
        Optional<TlsContext.ClientKeys> own =
            keys.map(each ->
                new TlsContext.ClientKeys(
                    each.file(), secret("the passphrase of " + each.file(), each.passphrase())));
        settings = settings.withTls(TlsContext.load(trust, own));
      }
      return ConnectionPool.of(settings, random, RethinkDbObserver.NONE);
    } catch (ConfigurationRefused e) {
      throw new IOException(e.getMessage() + ". " + e.action(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Password secret(String what, Path file) {
    return Password.of(String.valueOf(SecretFile.read(what, file)));
  }
}
