package org.interseal.branch;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up when the branch can take requests and see answers. */
final class BranchHealthIndicator extends AbstractHealthIndicator {
  private final BranchAgent agent;

  BranchHealthIndicator(BranchAgent agent) {
    super("the branch's state cannot be told");
    this.agent = agent;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    agent.unreadiness().ifPresentOrElse(why -> health.down().withDetail("reason", why), health::up);
  }
}
