package org.interseal.rethinkdb.testcontainers;

import org.interseal.rethinkdb.ServerAddress;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** One server with an empty database and the user {@code admin} without a password. */
public final class RethinkDbContainer extends GenericContainer<RethinkDbContainer> {
  public static final DockerImageName DEFAULT_IMAGE =
      DockerImageName.parse("rethinkdb").withTag("2.4.4-bookworm-slim");

  public RethinkDbContainer() {
    this(DEFAULT_IMAGE);
  }

  public RethinkDbContainer(DockerImageName image) {
    super(image);
    image.assertCompatibleWith(DockerImageName.parse("rethinkdb"));
    withExposedPorts(ServerAddress.DEFAULT_PORT);
    withCommand("rethinkdb", "--bind", "all", "--no-http-admin", "--no-update-check");
    waitingFor(Wait.forLogMessage(".*Server ready.*\\n", 1));
  }

  public ServerAddress server() {
    return new ServerAddress(getHost(), getMappedPort(ServerAddress.DEFAULT_PORT));
  }
}
