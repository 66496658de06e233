package org.interseal.launcher.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInvariants;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.Posting;
import org.interseal.bank.processing.LedgerContent;
import org.interseal.bank.verify.Counterparty;
import org.interseal.bank.verify.FoldedLedger;
import org.interseal.bank.verify.LedgerFold;
import org.interseal.bank.verify.OutgoingTransfer;
import org.interseal.bank.verify.TransferKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.ChainHead;

/**
 * Takes the ledger that one chain adds up to, and keeps what other banks' ledgers are held against.
 */
final class LedgerAudit implements LedgerFold {
  /** Between a source's lowest unanswered transfer and its newest. */
  private static final long MAX_UNANSWERED = 100_000;

  private final Set<TransferKey> resolved;
  private final Map<Peer, TreeSet<Long>> acceptedNumbers = new HashMap<>();
  private final Set<TransferKey> acceptedAndResolved = new HashSet<>();
  private final List<OutgoingTransfer> endedByResolution = new ArrayList<>();
  private LedgerState state;
  private final Reliance reliance = new Reliance();
  private final OpeningsAudit openings;
  private long blocks;
  private long consumed;

  /**
   * @param resolved transfers that the authority has spoken about: their acceptance is never
   *     forgotten
   */
  LedgerAudit(BankId bank, int partition, Set<TransferKey> resolved) {
    this.state = Ledger.empty(bank, partition);
    this.resolved = Set.copyOf(resolved);
    this.openings = new OpeningsAudit(new ChainIdentity(bank, partition));
  }

  @Override
  public void feed(ChainedBlock block) {
    if (!(block.content() instanceof LedgerContent content)) {
      throw new IllegalStateException("a block that was judged by something else than its ledger");
    }
    BlockBody body = content.lastBody().orElseThrow();
    body.events().forEach(this::note);
    state = content.state();
    openings.feed(block, body, state);
    blocks++;
    consumed += body.consumed().size();
    reliance.note(block.place().height(), body);
  }

  @Override
  public void feedFence(ChainedBlock block) {
    openings.feedFence(block);
  }

  private void note(LedgerEvent event) {
    switch (event) {
      case LedgerEvent.TransferCredited credited ->
          accepted(credited.source(), credited.transfer().number());
      case LedgerEvent.FloorRaised raised ->
          acceptedNumbers
              .getOrDefault(raised.source(), new TreeSet<>())
              .headSet(raised.floor())
              .clear();
      case LedgerEvent.TransferSettled settled when settled.resolution() != null ->
          ended(
              settled.target(),
              settled.number(),
              settled.postings(),
              OutgoingTransfer.State.SETTLED_BY_RESOLUTION);
      case LedgerEvent.TransferReturned returned when returned.resolution() != null ->
          ended(
              returned.target(),
              returned.number(),
              returned.postings(),
              OutgoingTransfer.State.RETURNED_BY_RESOLUTION);
      default -> {
        // Nothing that another bank's ledger mirrors.
      }
    }
  }

  private void accepted(Peer source, long number) {
    TransferKey key =
        new TransferKey(source.bank(), source.partition(), state.bank(), state.partition(), number);
    if (resolved.contains(key)) {
      acceptedAndResolved.add(key);
    } else {
      TreeSet<Long> numbers = acceptedNumbers.computeIfAbsent(source, _ -> new TreeSet<>());
      numbers.add(number);
      if (source.bank().equals(state.bank())) {
        // No floor tells: but a source never has more unanswered, and they come in order.
        numbers.headSet(number - MAX_UNANSWERED).clear();
      }
    }
  }

  private void ended(Peer target, long number, List<Posting> postings, OutgoingTransfer.State how) {
    Money amount =
        postings.stream()
            .filter(posting -> posting.amountMinor() > 0)
            .map(posting -> new Money(posting.amountMinor(), posting.currency()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("a resolved transfer moves no money"));
    endedByResolution.add(new OutgoingTransfer(sent(target, number), amount, how));
  }

  private TransferKey sent(Peer target, long number) {
    return new TransferKey(
        state.bank(), state.partition(), target.bank(), target.partition(), number);
  }

  @Override
  public FoldedLedger end() {
    Map<CurrencyCode, Long> sums = new TreeMap<>();
    state
        .accounts()
        .forEach(account -> sums.merge(account.currency(), account.bookedMinor(), Math::addExact));
    Map<Counterparty, Long> inFlight = new HashMap<>();
    Map<Counterparty, Long> positions = new HashMap<>();
    state
        .ownBalances()
        .forEach(own -> {
          sums.merge(own.currency(), own.balanceMinor(), Math::addExact);
          switch (own.account()) {
            case LedgerAccount.InFlight(BankId other) ->
                inFlight.put(new Counterparty(other, own.currency()), own.balanceMinor());
            case LedgerAccount.Position(BankId other) ->
                positions.put(new Counterparty(other, own.currency()), own.balanceMinor());
            case LedgerAccount.InFlightTo(int partition) ->
                inFlight.put(sibling(partition, own.currency()), own.balanceMinor());
            case LedgerAccount.PositionWith(int partition) ->
                positions.put(sibling(partition, own.currency()), own.balanceMinor());
            case LedgerAccount.Customer _, LedgerAccount.Cash _, LedgerAccount.Suspense _ -> {
              // Between the bank and its own customers.
            }
          }
        });
    List<OutgoingTransfer> outgoing = new ArrayList<>(endedByResolution);
    state
        .outstanding()
        .forEach(transfer ->
            outgoing.add(
                new OutgoingTransfer(
                    sent(transfer.target(), transfer.transfer().number()),
                    transfer.transfer().payment().amount(),
                    OutgoingTransfer.State.IN_FLIGHT)));
    return new FoldedLedger(sums, inFlight, positions, outgoing, accepted(), heads());
  }

  private Counterparty sibling(int partition, CurrencyCode currency) {
    return new Counterparty(state.bank(), partition, currency);
  }

  private Set<TransferKey> accepted() {
    Set<TransferKey> all = new HashSet<>(acceptedAndResolved);
    acceptedNumbers.forEach((source, numbers) ->
        numbers.forEach(number ->
            all.add(
                new TransferKey(
                    source.bank(), source.partition(), state.bank(), state.partition(), number))));
    return all;
  }

  private List<ChainHead> heads() {
    return state.peerHeads().entrySet().stream()
        .map(e ->
            new ChainHead(
                e.getKey().bank(),
                e.getKey().partition(),
                e.getValue().height(),
                e.getValue().hash()))
        .toList();
  }

  /** What is broken in the state at the end; empty when nothing is. */
  List<String> brokenInvariants() {
    return LedgerInvariants.check(state);
  }

  LedgerState state() {
    return state;
  }

  /** What its blocks name as openings. */
  OpeningsAudit openings() {
    return openings;
  }

  /** What of the shared tables its blocks rely on. */
  Reliance reliance() {
    return reliance;
  }

  long blocks() {
    return blocks;
  }

  long consumed() {
    return consumed;
  }
}
