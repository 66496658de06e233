package org.interseal.bank.operations;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.bank.processing.NodePhase;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the chains of all partitions are followed, and how far behind its messages each ledger
 * is.
 */
final class ChainHealthIndicator implements HealthIndicator {
  /** A backlog this old means that customers wait. */
  static final long MAX_LAG_MILLIS = 30_000;

  /** Nobody writes a partition for so long only when something is wrong with all servers. */
  static final long MAX_UNWRITTEN_MILLIS = 5_000;

  private final BankServer server;

  ChainHealthIndicator(BankServer server) {
    this.server = server;
  }

  @Override
  public Health health() {
    Health.Builder health = Health.up();
    List<Status> seen = new ArrayList<>();
    for (BankNode node : server.partitions()) {
      seen.add(status(node));
      health.withDetail(
          String.format(Locale.ROOT, "p%02d", node.settings().partition()), details(node));
    }
    return health.status(worst(seen)).build();
  }

  /** One partition that stands still is enough: its customers wait. */
  private static Status worst(List<Status> seen) {
    if (seen.contains(Status.DOWN)) {
      return Status.DOWN;
    }
    return seen.contains(Status.OUT_OF_SERVICE) ? Status.OUT_OF_SERVICE : Status.UP;
  }

  private static Status status(BankNode node) {
    return switch (node.phase()) {
      case NodePhase.Writing _ ->
          node.feedLagMillis() > MAX_LAG_MILLIS ? Status.OUT_OF_SERVICE : Status.UP;
      case NodePhase.Following _ ->
          node.unwrittenMillis() > MAX_UNWRITTEN_MILLIS ? Status.DOWN : Status.UP;
      case NodePhase.Starting _, NodePhase.Stopped _ -> Status.OUT_OF_SERVICE;
      case NodePhase.Halted _ -> Status.DOWN;
    };
  }

  private static Map<String, Object> details(BankNode node) {
    Map<String, Object> details = new LinkedHashMap<>();
    NodePhase phase = node.phase();
    details.put("phase", phase.getClass().getSimpleName());
    if (phase instanceof NodePhase.Halted(String why)) {
      details.put("why", why);
    }
    details.put("writer", node.writer().orElse("nobody"));
    details.put("height", node.tip().height());
    details.put("lagMillis", node.feedLagMillis());
    details.put("withoutCreditMillis", node.withoutCreditMillis());
    details.put("outboxPending", node.outboxPending());
    return details;
  }
}
