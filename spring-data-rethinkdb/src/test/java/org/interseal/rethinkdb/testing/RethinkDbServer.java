package org.interseal.rethinkdb.testing;

import java.nio.file.Path;
import java.util.Optional;
import org.interseal.rethinkdb.ServerAddress;
import org.junit.jupiter.api.Assumptions;

/** A running server with an empty database and the user {@code admin} without a password. */
public interface RethinkDbServer extends AutoCloseable {
  ServerAddress address();

  @Override
  void close();

  /**
   * Starts {@code rethinkdb} from the PATH, else a container, else skips the test.
   *
   * @param directory for the data
   */
  static RethinkDbServer startOrSkip(Path directory) {
    Optional<RethinkDbProcess> process = RethinkDbProcess.startIfInstalled(directory);
    if (process.isPresent()) {
      return process.get();
    }
    Optional<RethinkDbServer> container = ContainerServer.startIfPossible();
    Assumptions.assumeTrue(
        container.isPresent(),
        "skipped: no rethinkdb on the PATH and no Docker that answers and has or fetches its image");
    return container.orElseThrow();
  }
}
