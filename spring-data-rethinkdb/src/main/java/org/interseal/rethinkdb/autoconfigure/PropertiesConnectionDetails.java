package org.interseal.rethinkdb.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.TlsContext;

/** What the properties say. Files are read once, when this is made. */
final class PropertiesConnectionDetails implements RethinkDbConnectionDetails {
  private final List<ServerAddress> servers;
  private final String user;
  private final Password password;
  private final Optional<TlsContext> tls;

  PropertiesConnectionDetails(RethinkDbProperties properties) {
    this.servers =
        properties.hosts().stream()
            .map(host -> ServerAddress.parse(host, properties.port()))
            .toList();
    this.user = properties.user();
    this.password =
        optional(properties.passwordFile()).map(Password::fromFile).orElse(Password.empty());
    this.tls = properties.tls().enabled() ? Optional.of(load(properties.tls())) : Optional.empty();
  }

  private static TlsContext load(RethinkDbProperties.Tls tls) {
    Optional<Password> passphrase =
        optional(tls.clientKeyStorePasswordFile()).map(Password::fromFile);
    return TlsContext.load(
        optional(tls.trustFile()),
        optional(tls.clientKeyStore())
            .map(file -> new TlsContext.ClientKeys(file, passphrase.orElse(Password.empty()))));
  }

  private static Optional<Path> optional(@org.jspecify.annotations.Nullable Path path) {
    return Optional.ofNullable(path);
  }

  @Override
  public List<ServerAddress> servers() {
    return servers;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public Password password() {
    return password;
  }

  @Override
  public Optional<TlsContext> tls() {
    return tls;
  }
}
