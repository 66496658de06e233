package org.interseal.rethinkdb.testcontainers;

import java.util.List;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.autoconfigure.RethinkDbConnectionDetails;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/** Serves {@code @ServiceConnection} on a {@link RethinkDbContainer}. */
final class RethinkDbContainerConnectionDetailsFactory
    extends ContainerConnectionDetailsFactory<RethinkDbContainer, RethinkDbConnectionDetails> {
  @Override
  protected RethinkDbConnectionDetails getContainerConnectionDetails(
      ContainerConnectionSource<RethinkDbContainer> source) {
    return new Details(source);
  }

  private static final class Details extends ContainerConnectionDetails<RethinkDbContainer>
      implements RethinkDbConnectionDetails {
    Details(ContainerConnectionSource<RethinkDbContainer> source) {
      super(source);
    }

    @Override
    public List<ServerAddress> servers() {
      return List.of(getContainer().server());
    }
  }
}
