package org.interseal.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.interseal.bank.ledger.LedgerAccount;
import org.interseal.bank.ledger.Peer;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.InterbankMessage.Transfer;

/** What the chains of all banks say together about every payment. */
final class Ledgers {
  /** Where a payment stands, by what blocks say. */
  enum Fate {
    SENT,
    SETTLED,
    REJECTED
  }

  private record Key(Peer source, Peer target, long number) {}

  private static final class Flight {
    long minor;
    String instruction = "";
    boolean sent;
    boolean credited;
    boolean settled;
    boolean returned;
  }

  private final List<BankId> banks;
  private final Map<Key, Flight> flights = new HashMap<>();
  private final Map<String, Fate> fates = new HashMap<>();
  private final Set<String> creditedUetrs = new HashSet<>();
  private final Map<String, Long> sums = new HashMap<>();

  Ledgers(Collection<BankId> banks) {
    this.banks = List.copyOf(banks);
  }

  static String key(String account, String instructionId) {
    return account + " " + instructionId;
  }

  private static String key(Payment payment) {
    return key(payment.debtor().account().value(), payment.instructionId());
  }

  List<BankId> banks() {
    return banks;
  }

  Map<String, Fate> fates() {
    return fates;
  }

  void settled(Payment payment, boolean inside) {
    fate(key(payment), Fate.SETTLED);
    if (inside && !creditedUetrs.add(payment.uetr() + " " + key(payment))) {
      throw new InvariantBroken("exactly once: credited twice: " + key(payment));
    }
  }

  void rejected(String account, String instructionId) {
    String key = key(account, instructionId);
    // The same reference with other content is rejected and leaves the first one as it is.
    fates.putIfAbsent(key, Fate.REJECTED);
  }

  private void fate(String key, Fate fate) {
    Fate before = fates.put(key, fate);
    if (before != null && before != Fate.SENT) {
      throw new InvariantBroken(
          "terminal status: " + key + " was " + before + " and is " + fate + " now");
    }
  }

  private Flight flight(Peer source, Peer target, long number) {
    return flights.computeIfAbsent(new Key(source, target, number), _ -> new Flight());
  }

  boolean isSent(Peer source, Peer target, long number) {
    return flight(source, target, number).sent;
  }

  boolean isCredited(Peer source, Peer target, long number) {
    return flight(source, target, number).credited;
  }

  /**
   * Takes in what is new in all chains, each block after those that it relies on.
   *
   * @throws InvariantBroken when a block relies on what no chain says
   */
  static void follow(Collection<Books> all) {
    all.forEach(Books::read);
    boolean any = true;
    while (any) {
      any = false;
      for (Books books : all) {
        any |= books.takeIn();
      }
    }
    for (Books books : all) {
      if (books.hasUnread()) {
        throw new InvariantBroken(
            "mirror: " + books.peer() + " credits or settles what no chain of the other bank says");
      }
    }
  }

  void sent(Peer source, Peer target, Transfer transfer) {
    Flight flight = flight(source, target, transfer.number());
    flight.sent = true;
    flight.minor = transfer.payment().amount().amountMinor();
    flight.instruction = key(transfer.payment());
    fate(flight.instruction, Fate.SENT);
    add(source, target, "sent", flight.minor);
  }

  void credited(Peer source, Peer target, Transfer transfer) {
    Flight flight = flight(source, target, transfer.number());
    if (!flight.sent) {
      throw new InvariantBroken(
          target + " credited a transfer before the block of " + source + " that sends it");
    }
    if (flight.credited || !creditedUetrs.add(key(transfer.payment()))) {
      throw new InvariantBroken("exactly once: credited twice: " + key(transfer.payment()));
    }
    if (flight.returned) {
      throw new InvariantBroken("credited after it was returned: " + key(transfer.payment()));
    }
    flight.credited = true;
    add(target, source, "credited", flight.minor);
  }

  void answered(Peer source, Peer target, long number, boolean settled) {
    Flight flight = flight(source, target, number);
    if (!flight.sent || flight.settled || flight.returned) {
      throw new InvariantBroken("a transfer was answered twice: " + flight.instruction);
    }
    if (settled != flight.credited) {
      throw new InvariantBroken(
          (settled ? "settled and not credited: " : "returned and credited: ")
              + flight.instruction);
    }
    flight.settled = settled;
    flight.returned = !settled;
    fate(flight.instruction, settled ? Fate.SETTLED : Fate.REJECTED);
    add(source, target, settled ? "settled" : "returned", flight.minor);
  }

  private void add(Peer owner, Peer counterparty, String what, long minor) {
    sums.merge(
        owner + " " + position(owner, counterparty).key() + " " + what, minor, Math::addExact);
  }

  private long sum(Peer owner, LedgerAccount position, String what) {
    return sums.getOrDefault(owner + " " + position.key() + " " + what, 0L);
  }

  /** Partitions of one bank account with each other, banks with banks. */
  private static LedgerAccount position(Peer owner, Peer counterparty) {
    return owner.bank().equals(counterparty.bank())
        ? new LedgerAccount.PositionWith(counterparty.partition())
        : new LedgerAccount.Position(counterparty.bank());
  }

  /** In-flight and position accounts with another bank or partition mirror what the chains say. */
  void compare(Peer owner, LedgerAccount position, long inFlightMinor, long positionMinor) {
    long open =
        sum(owner, position, "sent")
            - sum(owner, position, "settled")
            - sum(owner, position, "returned");
    if (inFlightMinor != open) {
      throw new InvariantBroken("mirror: in flight of " + owner + " beside " + position.key());
    }
    if (positionMinor != sum(owner, position, "settled") - sum(owner, position, "credited")) {
      throw new InvariantBroken("mirror: " + position.key() + " of " + owner);
    }
  }
}
