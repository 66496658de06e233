package org.interseal.launcher.federation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.interseal.rethinkdb.ServerAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options by which an operator's command logs in to a cluster. */
public final class DatabaseLogin {
  private static final Pattern HERE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

  @Option(
      names = "--rethinkdb",
      split = ",",
      paramLabel = "HOST[:PORT]",
      defaultValue = "127.0.0.1:28015",
      description = "the cluster's nodes (default: ${DEFAULT-VALUE})")
  List<String> servers = new ArrayList<>();

  @Option(
      names = "--user",
      defaultValue = "admin",
      description = "as whom to log in (default: ${DEFAULT-VALUE})")
  String user = "admin";

  @Option(
      names = "--login",
      paramLabel = "DIR",
      description = {
        "where the files of the next options are, under the names that provision gives them:",
        "database-password, store-ca.pem, store-client.p12, store-client-passphrase"
      })
  @Nullable Path login;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "the password; none for a fresh server's admin")
  @Nullable Path password;

  @Option(
      names = "--trust-file",
      paramLabel = "FILE",
      description = "TLS: PEM certificates of whoever certifies the nodes; no TLS without it")
  @Nullable Path trust;

  @Option(
      names = "--client-keys",
      paramLabel = "FILE",
      description = "TLS: own key and certificate, PKCS#12, where the nodes ask for one")
  @Nullable Path keys;

  @Option(
      names = "--client-keys-passphrase-file",
      paramLabel = "FILE",
      description = "its passphrase")
  @Nullable Path passphrase;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  /** What the options say. */
  public DatabaseAccess access() {
    if (login != null && !Files.isDirectory(login)) {
      throw refused("--login: there is no directory " + login);
    }
    Optional<ProcessHome> home =
        Optional.ofNullable(login).map(directory -> new ProcessHome(directory, user));
    Optional<Path> keyStore = chosen(keys, home.map(ProcessHome::keyStore));
    Optional<Path> secret = chosen(passphrase, home.map(ProcessHome::keyStorePassphrase));
    if (keyStore.isPresent() != secret.isPresent()) {
      throw refused("--client-keys and --client-keys-passphrase-file go together");
    }
    Optional<Path> authorities = chosen(trust, home.map(ProcessHome::trustFile));
    try {
      List<ServerAddress> nodes =
          servers.stream()
              .map(address -> ServerAddress.parse(address, ServerAddress.DEFAULT_PORT))
              .toList();
      if (authorities.isEmpty() && !nodes.stream().allMatch(DatabaseLogin::isHere)) {
        throw refused(
            "without TLS (--trust-file, or store-ca.pem of --login) passwords would cross the network: only a node on this machine is talked to so");
      }
      return new DatabaseAccess(
          nodes,
          user,
          chosen(password, home.map(ProcessHome::databasePassword)),
          authorities,
          keyStore.map(file -> new DatabaseAccess.Keys(file, secret.orElseThrow())));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isHere(ServerAddress node) {
    return HERE.matcher(node.host()).matches();
  }

  /** What was named, or what there is of the directory that was. */
  private static Optional<Path> chosen(@Nullable Path named, Optional<Path> usual) {
    return named == null ? usual.filter(Files::exists) : Optional.of(named);
  }

  private RuntimeException refused(String why) {
    return spec == null
        ? new IllegalArgumentException(why)
        : new ParameterException(spec.commandLine(), why);
  }
}
