package org.interseal.bank.processing;

import java.util.HashSet;
import java.util.Set;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.meters.BankMeters;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.registry.LicensedBank;

/** Measures that are read when somebody looks. */
final class NodeGauges {
  private NodeGauges() {}

  static void register(BankNode node, BankMeters meters, NodePorts ports) {
    meters.gauge("interseal.outbox.pending", node::outboxPending);
    meters.gauge("interseal.inbox.parked", node::parkedRows);
    meters.gauge(
        "interseal.inbox.without.credit.seconds", () -> node.withoutCreditMillis() / 1000.0);
    meters.gauge("interseal.feed.lag.seconds", () -> node.feedLagMillis() / 1000.0);
    meters.gauge(
        "interseal.oldest.unanswered.seconds",
        () -> {
          var oldest = node.ledger().oldestUnansweredMillis();
          return oldest.isEmpty()
              ? 0
              : Math.max(0, ports.clock().millis() - oldest.getAsLong()) / 1000.0;
        });
    Set<String> registered = new HashSet<>();
    Runnable positions =
        () -> {
          for (LicensedBank other : ports.directory().banks()) {
            for (CurrencyCode currency : node.settings().terms().currencies()) {
              position(node, meters, other.bank(), currency, registered);
            }
          }
        };
    positions.run();
    ports.directory().onChange(positions);
  }

  private static void position(
      BankNode node,
      BankMeters meters,
      BankId other,
      CurrencyCode currency,
      Set<String> registered) {
    synchronized (registered) {
      if (other.equals(node.settings().bank()) || !registered.add(other + "/" + currency)) {
        return;
      }
    }
    meters.gauge(
        "interseal.position.minor",
        "counterparty",
        other.value(),
        "currency",
        currency.value(),
        () -> {
          LedgerState state = node.ledger();
          return state.balanceMinor(new LedgerAccount.Position(other), currency);
        });
  }
}
