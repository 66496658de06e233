package org.interseal.registry;

import org.interseal.protocol.registry.DirectoryFollower;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up when decisions can be recorded and everything decided is visible to all readers. */
final class RegistryHealthIndicator extends AbstractHealthIndicator {
  private final DirectoryFollower follower;
  private final Publication publication;
  private final Journal journal;

  RegistryHealthIndicator(DirectoryFollower follower, Publication publication, Journal journal) {
    super("the authority's state cannot be told");
    this.follower = follower;
    this.publication = publication;
    this.journal = journal;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    boolean up = follower.storeReachable() && journal.writable();
    builder
        .status(up ? "UP" : "DOWN")
        .withDetail("storeReachable", follower.storeReachable())
        .withDetail("journalWritable", journal.writable())
        .withDetail("unpublished", publication.pending());
  }
}
