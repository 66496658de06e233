package org.interseal.rethinkdb.testing;

import java.util.Optional;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.testcontainers.RethinkDbContainer;
import org.testcontainers.DockerClientFactory;

/**
 * A server in a container, where Docker answers. A module whose tests start servers has
 * Testcontainers among its test dependencies; one that forgot it fails here instead of skipping.
 */
final class ContainerServer implements RethinkDbServer {
  private final RethinkDbContainer container;

  private ContainerServer(RethinkDbContainer container) {
    this.container = container;
  }

  static Optional<RethinkDbServer> startIfPossible() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return Optional.empty();
    }
    RethinkDbContainer container = new RethinkDbContainer();
    container.start();
    return Optional.of(new ContainerServer(container));
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
