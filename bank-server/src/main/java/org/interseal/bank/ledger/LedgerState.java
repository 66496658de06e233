package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * The state of a ledger partition. Immutable; versions share structure, so that keeping one is
 * cheap. Equal when everything in it is equal.
 *
 * <p>While a block is being made, the working state's {@link #height} still is its predecessor's.
 */
public final class LedgerState {
  private final Parts parts;

  LedgerState(Parts parts) {
    this.parts = parts;
  }

  Parts parts() {
    return parts;
  }

  public BankId bank() {
    return parts.bank();
  }

  public int partition() {
    return parts.partition();
  }

  /** Height of the last folded block, 0 before the first. */
  public long height() {
    return parts.progress().height();
  }

  /** Ledger time of the last folded block. */
  public long ledgerTimeMillis() {
    return parts.progress().timeMillis();
  }

  /** Everything in {@code transactions} up to here (less the store's overlap) is consumed. */
  public Position cursor() {
    return parts.progress().cursor();
  }

  /** Up to this height everything owed was sent. */
  public long outboxDoneHeight() {
    return parts.progress().outboxDoneHeight();
  }

  /** Nothing is allowed before the operators have set terms. */
  public LedgerTerms terms() {
    return parts.terms();
  }

  public RegistryView registry() {
    return parts.registry();
  }

  /** Whether a block up to here evicts the server with this key. */
  public boolean isEvicted(KeyId key) {
    return parts.registry().isEvicted(key);
  }

  /** The device with that id, linked or not any more. */
  public Optional<DeviceView> device(String deviceId) {
    return Optional.ofNullable(parts.devices().get(deviceId));
  }

  /** Whether that author's number was consumed, or is too far behind to tell. */
  public boolean numberConsumed(String author, long number) {
    return parts.windowOf(author).placeOf(number) != MessageWindow.Place.FRESH;
  }

  /** The author's highest message number that was consumed; 0 for none. */
  public long highestNumber(String author) {
    return parts.windowOf(author).highest();
  }

  /** An account as its customer may see it. */
  public record AccountView(
      Iban iban,
      CurrencyCode currency,
      boolean closed,
      long bookedMinor,
      long availableMinor,
      int inFlight) {}

  public Optional<AccountView> account(Iban iban) {
    return Optional.ofNullable(parts.accounts().find(iban)).map(LedgerState::view);
  }

  /** Where a statement of an account begins. */
  public Optional<StatementBuilder.Newest> newest(Iban iban) {
    return Optional.ofNullable(parts.accounts().find(iban))
        .map(a -> new StatementBuilder.Newest(a.currency(), a.touchedHeight(), a.bookedMinor()));
  }

  /** All customer accounts by number. */
  public Stream<AccountView> accounts() {
    return parts.accounts().accounts().values().stream().map(LedgerState::view);
  }

  private static AccountView view(CustomerAccount a) {
    return new AccountView(
        a.iban(), a.currency(), a.closed(), a.bookedMinor(), a.availableMinor(), a.inFlight());
  }

  /** Booked balance in minor units, credit positive; 0 for an account that does not exist. */
  public long balanceMinor(LedgerAccount account, CurrencyCode currency) {
    if (account instanceof LedgerAccount.Customer(Iban iban)) {
      CustomerAccount found = parts.accounts().find(iban);
      return found == null || !found.currency().equals(currency) ? 0 : found.bookedMinor();
    }
    return parts.balances().of(account, currency);
  }

  /** An own account of the bank with a balance. */
  public record OwnBalance(LedgerAccount account, CurrencyCode currency, long balanceMinor) {}

  /**
   * Every own account (cash, in flight, position, suspense) whose balance is not zero, credit
   * positive.
   */
  public Stream<OwnBalance> ownBalances() {
    return parts.balances().own().entrySet().stream()
        .map(e -> {
          int bar = e.getKey().lastIndexOf('|');
          return new OwnBalance(
              LedgerAccount.parse(e.getKey().substring(0, bar)),
              new CurrencyCode(e.getKey().substring(bar + 1)),
              e.getValue());
        });
  }

  /** Sum of all customers' balances per currency. */
  public Map<CurrencyCode, Long> customerTotals() {
    return new TreeMap<>(parts.balances().customers());
  }

  /** All our transfers that lack a terminal answer, per target in order of number. */
  public Stream<OutstandingTransfer> outstanding() {
    return parts.outgoing().values().stream().flatMap(p -> p.unanswered().values().stream());
  }

  public int outstandingCount() {
    return parts.outgoing().values().stream().mapToInt(p -> p.unanswered().size()).sum();
  }

  /** The transfer with that number, unless it was answered or never sent. */
  public Optional<OutstandingTransfer> outstanding(Peer target, long number) {
    return Optional.ofNullable(parts.outgoingTo(target).unanswered().get(number));
  }

  /** Ledger time at which the oldest unanswered transfer was sent. */
  public OptionalLong oldestUnansweredMillis() {
    return parts.outgoing().values().stream()
        .filter(p -> !p.unanswered().isEmpty())
        .mapToLong(p -> p.unanswered().firstEntry().getValue().sentAtMillis())
        .min();
  }

  /** The lowest number that still lacks an answer; the next number when all are answered. */
  public long lowestUnanswered(Peer target) {
    return parts.outgoingTo(target).lowestUnanswered();
  }

  /** The number that the next transfer to that target will get. */
  public long nextNumber(Peer target) {
    return parts.outgoingTo(target).nextNumber();
  }

  /** Below this the source's numbers are dropped; of a sibling's transfers, the next number. */
  public long floor(Peer source) {
    return parts.incomingFrom(source).floor();
  }

  /**
   * Up to this height the chain of another partition of this bank is consumed; 0 for not at all.
   */
  public long siblingHeight(int other) {
    return parts.siblingHeight(other);
  }

  /** The highest head that each counterparty has shown. */
  public Map<Peer, PeerHead> peerHeads() {
    return new TreeMap<>(parts.heads());
  }

  /** How often each kind of contradiction was kept as evidence. */
  public Map<String, Long> evidenceCounts() {
    return new TreeMap<>(parts.evidence());
  }

  public int accountCount() {
    return parts.accounts().accounts().size();
  }

  public int customerCount() {
    return parts.accounts().customers().size();
  }

  /** Every device that was ever linked. */
  public Stream<DeviceView> devices() {
    return parts.devices().values().stream();
  }

  /** Our answers to transfers whose source may still wait for them, by number. */
  public Map<Peer, List<Report>> answers() {
    Map<Peer, List<Report>> answers = new TreeMap<>();
    parts
        .incoming()
        .forEach((source, pair) -> {
          List<Report> reports = new ArrayList<>();
          pair.received().forEach((number, answer) -> reports.add(answer.report(number)));
          if (!reports.isEmpty()) {
            answers.put(source, reports);
          }
        });
    return answers;
  }

  /** Devices ever linked. */
  public int deviceCount() {
    return parts.devices().size();
  }

  /** References remembered against duplicates. */
  public int rememberedReferenceCount() {
    return parts.references().byKey().size();
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof LedgerState other && parts.equals(other.parts);
  }

  @Override
  public int hashCode() {
    return parts.progress().hashCode();
  }

  @Override
  public String toString() {
    return "LedgerState[" + bank() + "/" + partition() + " at " + height() + "]";
  }
}
