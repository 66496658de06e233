package org.interseal.rethinkdb.testing;

import java.util.Optional;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.testcontainers.RethinkDbContainer;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.shaded.org.awaitility.core.ConditionTimeoutException;

/**
 * A server in a container, where Docker answers. A module whose tests start servers has
 * Testcontainers among its test dependencies; one that forgot it fails here instead of skipping.
 */
final class ContainerServer implements RethinkDbServer {
  private final RethinkDbContainer container;

  private ContainerServer(RethinkDbContainer container) {
    this.container = container;
  }

  /** Empty without Docker, and where Docker has no images and no way to fetch them. */
  static Optional<RethinkDbServer> startIfPossible() {
    if (!dockerAnswers()) {
      return Optional.empty();
    }
    RethinkDbContainer container = new RethinkDbContainer();
    try {
      var _ = container.getDockerImageName();
    } catch (ContainerFetchException e) {
      return Optional.empty();
    }
    container.start();
    return Optional.of(new ContainerServer(container));
  }

  private static boolean dockerAnswers() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (ContainerFetchException | ConditionTimeoutException e) {
      // Inside a container, Testcontainers asks one of its own where it is.
      return false;
    }
  }

  @Override
  public ServerAddress address() {
    return container.server();
  }

  @Override
  public void close() {
    container.stop();
  }
}
