package org.interseal.bank.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.verify.Finding.Problem;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;

/**
 * Holds banks' positions against each other, and those of two ledger partitions of one bank.
 * Positive is what a bank owes, so for banks A and B in one currency
 *
 * <pre>
 * position of A with B + position of B with A
 *   + transfers that one accepted while the other has them in flight, or has them back by resolution
 *   - transfers that one has settled by resolution and the other has not accepted            = 0
 * in-flight account of A with B = transfers of A to B in flight
 * </pre>
 */
final class Mirrors {
  /**
   * Who keeps positions.
   *
   * @param partition {@link #ALL} for a whole bank
   */
  private record Side(BankId bank, int partition) implements Comparable<Side> {
    static final int ALL = -1;

    @Override
    public int compareTo(Side other) {
      int order = bank.compareTo(other.bank);
      return order != 0 ? order : Integer.compare(partition, other.partition);
    }

    ChainIdentity chain() {
      return new ChainIdentity(bank, Math.max(0, partition));
    }

    @Override
    public String toString() {
      return partition == ALL ? bank.value() : bank + " partition " + partition;
    }
  }

  private record Pair(Side lower, Side higher, CurrencyCode currency) implements Comparable<Pair> {
    static Pair of(ChainIdentity chain, Counterparty counterparty) {
      Integer partition = counterparty.partition();
      Side one = new Side(chain.bank(), partition == null ? Side.ALL : chain.partition());
      Side other = new Side(counterparty.bank(), partition == null ? Side.ALL : partition);
      return one.compareTo(other) < 0
          ? new Pair(one, other, counterparty.currency())
          : new Pair(other, one, counterparty.currency());
    }

    @Override
    public int compareTo(Pair other) {
      int order = lower.compareTo(other.lower);
      order = order != 0 ? order : higher.compareTo(other.higher);
      return order != 0 ? order : currency.compareTo(other.currency);
    }
  }

  private final Map<ChainIdentity, ChainAudit> audits;
  private final Map<ChainIdentity, FoldedLedger> ledgers;
  private final Map<Pair, Long> differences = new HashMap<>();
  private final Set<TransferKey> accepted = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();

  private Mirrors(Map<ChainIdentity, ChainAudit> audits, Map<ChainIdentity, FoldedLedger> ledgers) {
    this.audits = audits;
    this.ledgers = ledgers;
  }

  static List<Finding> check(
      List<BankBooks> banks,
      Map<ChainIdentity, ChainAudit> audits,
      Map<ChainIdentity, FoldedLedger> ledgers) {
    Mirrors mirrors = new Mirrors(audits, ledgers);
    Set<BankId> whole = new HashSet<>();
    for (BankBooks books : banks) {
      boolean complete = true;
      for (int partition = 0; partition < books.partitions(); partition++) {
        complete &= ledgers.containsKey(new ChainIdentity(books.bank(), partition));
      }
      if (complete) {
        whole.add(books.bank());
      }
    }
    mirrors.ledgers.values().forEach(ledger -> mirrors.accepted.addAll(ledger.accepted()));
    mirrors.ledgers.forEach(mirrors::add);
    mirrors.compare(whole);
    return mirrors.findings;
  }

  private void add(ChainIdentity chain, FoldedLedger ledger) {
    Map<Counterparty, Long> inFlight = new HashMap<>();
    ledger.positionMinor().forEach((other, minor) -> differ(Pair.of(chain, other), minor));
    for (OutgoingTransfer transfer : ledger.outgoing()) {
      Counterparty target = target(chain, transfer);
      long minor = transfer.amount().amountMinor();
      boolean arrived = accepted.contains(transfer.key());
      switch (transfer.state()) {
        case IN_FLIGHT -> {
          inFlight.merge(target, minor, Math::addExact);
          differ(Pair.of(chain, target), arrived ? minor : 0);
        }
        case SETTLED_BY_RESOLUTION -> differ(Pair.of(chain, target), arrived ? 0 : -minor);
        case RETURNED_BY_RESOLUTION -> differ(Pair.of(chain, target), arrived ? minor : 0);
      }
    }
    Set<Counterparty> targets = new HashSet<>(inFlight.keySet());
    targets.addAll(ledger.inFlightMinor().keySet());
    for (Counterparty target : targets) {
      long booked = ledger.inFlightMinor().getOrDefault(target, 0L);
      long owed = inFlight.getOrDefault(target, 0L);
      if (booked != owed) {
        findings.add(
            FederationVerifier.atEnd(
                chain,
                audits,
                Problem.MIRROR_BROKEN,
                "in-flight account with "
                    + named(target)
                    + " holds "
                    + booked
                    + " "
                    + target.currency().value()
                    + ", unanswered transfers "
                    + owed));
      }
    }
  }

  private static Counterparty target(ChainIdentity chain, OutgoingTransfer transfer) {
    TransferKey key = transfer.key();
    return new Counterparty(
        key.target(),
        key.target().equals(chain.bank()) ? key.targetPartition() : null,
        transfer.amount().currency());
  }

  private static String named(Counterparty counterparty) {
    return counterparty.partition() == null
        ? counterparty.bank().value()
        : "partition " + counterparty.partition();
  }

  private void differ(Pair pair, long minor) {
    differences.merge(pair, minor, Math::addExact);
  }

  /** Only pairs of banks whose books are whole can be compared. */
  private void compare(Set<BankId> whole) {
    for (Pair pair : new TreeSet<>(differences.keySet())) {
      long difference = differences.getOrDefault(pair, 0L);
      if (difference != 0
          && whole.contains(pair.lower().bank())
          && whole.contains(pair.higher().bank())) {
        findings.add(
            FederationVerifier.atEnd(
                pair.lower().chain(),
                audits,
                Problem.MIRROR_BROKEN,
                "positions with "
                    + pair.higher()
                    + " differ by "
                    + difference
                    + " "
                    + pair.currency().value()
                    + " beyond what is in flight"));
      }
    }
  }
}
