package org.interseal.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainValidator;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInvariants;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.Posting;
import org.interseal.bank.processing.EvictionProofs;
import org.interseal.bank.processing.LedgerContent;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * A bank's chain as an outside observer reads it, block by block, with accounts of its own that are
 * kept from the blocks' events and nothing else.
 */
final class Books {
  private static final int PAGE = 64;

  private final Bank bank;
  private final Peer peer;
  private final Ledgers ledgers;
  private final ChainReader reader;
  private final LedgerContent start;
  private final List<Bytes> hashes = new ArrayList<>();
  private final List<LedgerState> states = new ArrayList<>();
  private final Map<String, Long> balances = new HashMap<>();
  private final Set<String> sent = new HashSet<>();
  private final Set<String> booked = new HashSet<>();
  private final Map<Iban, Set<Payment>> credits = new HashMap<>();
  private final Map<Long, String> writers = new HashMap<>();
  private final Set<String> evicted = new HashSet<>();
  private final List<LedgerEvent.AccountOpened> opened = new ArrayList<>();
  private final List<LedgerEvent.PeerHeadSeen> heads = new ArrayList<>();
  private final ArrayDeque<ChainedBlock> unread = new ArrayDeque<>();
  private ChainTip tip;

  Books(Bank bank, int partition, Store own, BankDirectory directory, Ledgers ledgers) {
    this.bank = bank;
    this.peer = new Peer(bank.id(), partition);
    this.ledgers = ledgers;
    ChainIdentity chain = new ChainIdentity(bank.id(), partition);
    this.reader =
        new ChainReader(
            chain,
            own.append(TableName.BLOCKS),
            new ChainValidator(chain, new RegistryNodeTrust(bank.id(), directory), bank.periods()),
            ChainMemory.none(),
            (place, reason, detail) -> {});
    this.start = LedgerContent.empty(bank.id(), partition, EvictionProofs.under(directory));
    this.tip = chain.start(start);
    states.add(state());
    hashes.add(tip.hash());
  }

  Stream<LedgerEvent.AccountOpened> opened() {
    return opened.stream();
  }

  /** Heads of other banks' chains that blocks named since the last call. */
  List<LedgerEvent.PeerHeadSeen> newHeads() {
    List<LedgerEvent.PeerHeadSeen> found = List.copyOf(heads);
    heads.clear();
    return found;
  }

  /** What was booked in favour of an account, but for cash. */
  Set<Payment> credits(Iban account) {
    return credits.getOrDefault(account, Set.of());
  }

  Bank bank() {
    return bank;
  }

  Peer peer() {
    return peer;
  }

  LedgerState state() {
    return tip.content() instanceof LedgerContent content ? content.state() : start.state();
  }

  ChainTip tip() {
    return tip;
  }

  long height() {
    return tip.height();
  }

  Bytes hashAt(long height) {
    return hashes.get(Math.toIntExact(height));
  }

  LedgerState stateAt(long height) {
    return states.get(Math.toIntExact(height));
  }

  /** Reads what is new, without looking into it. */
  void read() {
    try {
      for (List<ChainedBlock> blocks = reader.readOn(tip, PAGE);
          !blocks.isEmpty();
          blocks = reader.readOn(tip, PAGE)) {
        for (ChainedBlock block : blocks) {
          tip = block.tip();
          hashes.add(tip.hash());
          states.add(state());
          unread.add(block);
        }
      }
    } catch (StoreUnavailable e) {
      throw new IllegalStateException("an observer's reads do not fail", e);
    } catch (ChainRefused e) {
      throw new InvariantBroken(
          "the chain of " + bank.id() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether there are blocks that were read and not taken in. */
  boolean hasUnread() {
    return !unread.isEmpty();
  }

  /** Takes in what was read, up to the first block that relies on one that was not taken in yet. */
  boolean takeIn() {
    boolean any = false;
    while (!unread.isEmpty() && events(unread.getFirst()).stream().allMatch(this::isFounded)) {
      take(unread.removeFirst());
      any = true;
    }
    return any;
  }

  private boolean isFounded(LedgerEvent event) {
    return switch (event) {
      case LedgerEvent.TransferCredited e ->
          ledgers.isSent(e.source(), peer, e.transfer().number());
      case LedgerEvent.TransferSettled e -> ledgers.isCredited(peer, e.target(), e.number());
      default -> true;
    };
  }

  private static List<LedgerEvent> events(ChainedBlock block) {
    return block.tip().content() instanceof LedgerContent content && !block.isFence()
        ? content.lastBody().map(BlockBody::events).orElse(List.of())
        : List.of();
  }

  private void take(ChainedBlock block) {
    if (evicted.contains(block.node())) {
      throw new InvariantBroken(
          "eviction: "
              + block.node()
              + " of "
              + bank.id()
              + " wrote block "
              + block.place().height()
              + " and was evicted before");
    }
    String writer = writers.putIfAbsent(block.fence(), block.node());
    if (writer != null && !writer.equals(block.node())) {
      throw new InvariantBroken(
          "fence: "
              + writer
              + " and "
              + block.node()
              + " of "
              + bank.id()
              + " both wrote under fence "
              + block.fence());
    }
    events(block).forEach(this::account);
    if (block.tip().content() instanceof LedgerContent content) {
      List<String> broken = LedgerInvariants.check(content.state());
      if (!broken.isEmpty()) {
        throw new InvariantBroken(bank.id() + " at block " + block.tip().height() + ": " + broken);
      }
      compareBalances(content.state());
    }
  }

  private void account(LedgerEvent event) {
    Map<String, Long> sums = new HashMap<>();
    for (Posting posting : event.postings()) {
      balances.merge(posting.account().key(), posting.amountMinor(), Math::addExact);
      sums.merge(posting.currency().value(), posting.amountMinor(), Math::addExact);
    }
    if (sums.values().stream().anyMatch(sum -> sum != 0)) {
      throw new InvariantBroken("conservation: an event of " + bank.id() + " makes money");
    }
    switch (event) {
      case LedgerEvent.PaymentBooked e -> {
        instructed(e.payment());
        ledgers.settled(e.payment(), true);
        credited(e.payment(), e.postings());
      }
      case LedgerEvent.TransferSent e -> {
        instructed(e.transfer().payment());
        if (!sent.add(e.target() + " " + e.transfer().number())) {
          throw new InvariantBroken("exactly once: a transfer number was used twice");
        }
        ledgers.sent(peer, e.target(), e.transfer());
      }
      case LedgerEvent.PaymentRejected e ->
          ledgers.rejected(e.payment().account().value(), e.payment().instructionId());
      case LedgerEvent.TransferSettled e -> ledgers.answered(peer, e.target(), e.number(), true);
      case LedgerEvent.TransferReturned e -> ledgers.answered(peer, e.target(), e.number(), false);
      case LedgerEvent.TransferCredited e -> {
        ledgers.credited(e.source(), peer, e.transfer());
        credited(e.transfer().payment(), e.postings());
      }
      case LedgerEvent.AccountOpened e -> opened.add(e);
      case LedgerEvent.PeerHeadSeen e -> heads.add(e);
      case LedgerEvent.ServerEvicted e -> evicted.add(e.node());
      case LedgerEvent.TransferRejected e -> {
        // Its answer is checked where it arrives.
      }
      case LedgerEvent.TermsChanged _,
          LedgerEvent.RegistryNoted _,
          LedgerEvent.MessageTaken _,
          LedgerEvent.InputSetAside _,
          LedgerEvent.AccountClosed _,
          LedgerEvent.CashBooked _,
          LedgerEvent.CashRefused _,
          LedgerEvent.ActivationCodeIssued _,
          LedgerEvent.ActivationTried _,
          LedgerEvent.DeviceLinked _,
          LedgerEvent.DeviceUnlinked _,
          LedgerEvent.FloorRaised _,
          LedgerEvent.TransferBarred _,
          LedgerEvent.TransferAwaited _,
          LedgerEvent.ContradictionKept _,
          LedgerEvent.SiblingRead _ -> {
        // Moves no money of a payment.
      }
    }
  }

  private void credited(Payment payment, List<Posting> postings) {
    Iban account = payment.creditor().account();
    // What the payee cannot have is on suspense, and nobody is told.
    if (postings.stream().anyMatch(p -> p.account().key().equals(customer(account)))) {
      credits.computeIfAbsent(account, _ -> new LinkedHashSet<>()).add(payment);
    }
  }

  private static String customer(Iban account) {
    return "customer:" + account.value();
  }

  private void instructed(Payment payment) {
    String key = Ledgers.key(payment.debtor().account().value(), payment.instructionId());
    if (!booked.add(key)) {
      throw new InvariantBroken("exactly once: the instruction " + key + " was booked twice");
    }
  }

  private void compareBalances(LedgerState state) {
    state
        .accounts()
        .forEach(account -> {
          long kept = balances.getOrDefault(customer(account.iban()), 0L);
          if (kept != account.bookedMinor()) {
            throw new InvariantBroken("conservation: a balance of " + bank.id() + " is off");
          }
        });
    state
        .ownBalances()
        .forEach(own -> {
          long kept = balances.getOrDefault(own.account().key(), 0L);
          if (kept != own.balanceMinor()) {
            throw new InvariantBroken("conservation: " + own.account().key() + " is off");
          }
        });
    for (BankId other : ledgers.banks()) {
      if (!other.equals(bank.id())) {
        compare(new LedgerAccount.InFlight(other), new LedgerAccount.Position(other));
      }
    }
    for (int other = 0; other < bank.partitions(); other++) {
      if (other != peer.partition()) {
        compare(new LedgerAccount.InFlightTo(other), new LedgerAccount.PositionWith(other));
      }
    }
  }

  private void compare(LedgerAccount inFlight, LedgerAccount position) {
    ledgers.compare(
        peer,
        position,
        balances.getOrDefault(inFlight.key(), 0L),
        balances.getOrDefault(position.key(), 0L));
  }

  /** What a server says about itself must be what the chain says. */
  void compare(String server, long height, Optional<Bytes> hash, Optional<LedgerState> state) {
    if (height > height()) {
      return;
    }
    if (hash.isPresent() && !hash.get().equals(hashAt(height))) {
      throw new InvariantBroken(
          server + " has another block at height " + height + " of " + bank.id());
    }
    if (state.isPresent()
        && state.get().height() == height
        && !state.get().equals(stateAt(height))) {
      throw new InvariantBroken(server + " has another state at height " + height);
    }
  }
}
