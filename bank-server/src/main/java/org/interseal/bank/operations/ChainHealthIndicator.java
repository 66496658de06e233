package org.interseal.bank.operations;

import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.NodePhase;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the chain is followed, and how far behind its messages the ledger is. */
final class ChainHealthIndicator implements HealthIndicator {
  /** A backlog this old means that customers wait. */
  static final long MAX_LAG_MILLIS = 30_000;

  private final BankNode node;

  ChainHealthIndicator(BankNode node) {
    this.node = node;
  }

  @Override
  public Health health() {
    long lagMillis = node.feedLagMillis();
    Health.Builder health =
        switch (node.phase()) {
          case NodePhase.Writing _ ->
              lagMillis > MAX_LAG_MILLIS ? Health.outOfService() : Health.up();
          case NodePhase.Following _ -> Health.up();
          case NodePhase.Starting _, NodePhase.Stopped _ -> Health.outOfService();
          case NodePhase.Halted(String why) -> Health.down().withDetail("why", why);
        };
    return health
        .withDetail("phase", node.phase().getClass().getSimpleName())
        .withDetail("height", node.tip().height())
        .withDetail("lagMillis", lagMillis)
        .withDetail("outboxPending", node.outboxPending())
        .build();
  }
}
