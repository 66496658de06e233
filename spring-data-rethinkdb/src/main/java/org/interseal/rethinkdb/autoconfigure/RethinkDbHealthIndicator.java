package org.interseal.rethinkdb.autoconfigure;

import org.interseal.rethinkdb.RethinkDbTemplate;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up when a server lets us in and answers a query. */
final class RethinkDbHealthIndicator extends AbstractHealthIndicator {
  private final RethinkDbTemplate template;

  RethinkDbHealthIndicator(RethinkDbTemplate template) {
    super("RethinkDB does not answer");
    this.template = template;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.up().withDetail("serverTime", template.serverTime().toString());
  }
}
