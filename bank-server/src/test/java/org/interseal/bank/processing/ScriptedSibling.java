package org.interseal.bank.processing;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.MadeUpBody;
import org.interseal.bank.ledger.Owed;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.ledger.ReferenceMark;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.store.StoreUnavailable;

/** A sibling whose chain says what a test has it say, to partition 0. */
final class ScriptedSibling implements SiblingChain {
  static final BankId US = new BankId("AAAAXX00");
  static final Bytes ID = Bytes.of(new byte[16]);

  private static Payment payment() {
    return new Payment(
        "i1",
        "e2e",
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        new PartyAccount("Ada", Iban.of(US, 1, 1), US),
        new PartyAccount("Bob", Iban.of(US, 0, 1), US),
        new Money(100, new CurrencyCode("CZK")),
        null,
        null,
        null,
        ChargeBearer.SLEV,
        LocalDate.of(2026, 11, 21));
  }

  static Bytes digest(long number) {
    return Bytes.sha256(Bytes.utf8("t" + number));
  }

  final int partition;
  final List<Optional<BlockBody>> blocks = new ArrayList<>();
  boolean readable = true;
  boolean broken;
  boolean current = true;
  int reads;

  /** Blocks nearer to the start are not found at once. */
  long near;

  Runnable onRead = () -> {};
  int approaches;
  long nextTransfer = 1;
  long nextAnswer = 1;

  ScriptedSibling(int partition) {
    this.partition = partition;
  }

  /** A block that sends so many transfers to partition 0, from that number on. */
  void transfers(long from, int count) {
    List<LedgerEvent> events = new ArrayList<>();
    for (long number = from; number < from + count; number++) {
      Transfer transfer = new Transfer(number, ID, payment());
      events.add(
          new LedgerEvent.TransferSent(
              new Peer(US, 0),
              transfer,
              transfer.digest(),
              new ReferenceMark(ID, ID),
              new Owed.Reply("d1", "s1", ID),
              List.of()));
    }
    nextTransfer = from + count;
    blocks.add(Optional.of(MadeUpBody.first().events(events).body()));
  }

  void silence(int count) {
    for (int i = 0; i < count; i++) {
      blocks.add(Optional.empty());
    }
  }

  /** A block that answers so many transfers of partition 0, from that number on. */
  void answers(long from, int count) {
    List<LedgerEvent> events = new ArrayList<>();
    for (long number = from; number < from + count; number++) {
      events.add(
          new LedgerEvent.TransferRejected(
              new Peer(US, 0), number, digest(number), ReasonCode.AC01));
    }
    nextAnswer = from + count;
    blocks.add(Optional.of(MadeUpBody.first().events(events).body()));
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public long height() {
    return blocks.size();
  }

  @Override
  public boolean isCurrent() {
    return current;
  }

  @Override
  public Said said(int reader) {
    return new Said(height(), nextTransfer, nextAnswer);
  }

  @Override
  public boolean approach(long height, int maxReads) {
    approaches++;
    if (height < near) {
      near = Math.max(height, near - maxReads);
    }
    return near <= height;
  }

  @Override
  public Optional<BlockBody> block(long height) throws StoreUnavailable {
    reads++;
    onRead.run();
    if (broken) {
      throw new IllegalStateException("planted");
    }
    if (!readable) {
      throw new StoreUnavailable("away");
    }
    return blocks.get((int) height - 1);
  }

  @Override
  public void onAdvance(Runnable listener) {}
}
