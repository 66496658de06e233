package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.jspecify.annotations.Nullable;

/** What the events between banks do to the state. */
final class TransferBookkeeping {
  private TransferBookkeeping() {}

  static Parts sent(Parts s, LedgerEvent.TransferSent e, long timeMillis) {
    if (e.target().equals(new Peer(s.bank(), s.partition()))) {
      throw new IllegalStateException("a transfer to itself");
    }
    Payment payment = e.transfer().payment();
    Money amount = payment.amount();
    Iban payer = payment.debtor().account();
    Bookkeeping.requireMoves(
        e.postings(), s.inFlightTo(e.target()), amount.currency(), amount.amountMinor());
    Bookkeeping.requireMoves(
        e.postings(), new LedgerAccount.Customer(payer), amount.currency(), -amount.amountMinor());
    Parts posted = Bookkeeping.paid(Postings.post(s, e.postings()), payer, amount, timeMillis, 1);
    return Bookkeeping.instructed(
            posted,
            PaymentReference.of(payment),
            e.mark(),
            TransactionStatus.ACSP,
            null,
            timeMillis)
        .with(
            e.target(),
            posted
                .outgoingTo(e.target())
                .sent(
                    new OutstandingTransfer(
                        e.target(),
                        e.transfer(),
                        e.digest(),
                        timeMillis,
                        e.mark(),
                        e.reply(),
                        false)));
  }

  static Parts settled(Parts s, LedgerEvent.TransferSettled e, long timeMillis) {
    OutstandingTransfer transfer = requireOutstanding(s, e.target(), e.number());
    Money amount = transfer.transfer().payment().amount();
    Bookkeeping.requireMoves(
        e.postings(), s.positionWith(e.target()), amount.currency(), amount.amountMinor());
    return answered(s, e, transfer, TransactionStatus.ACCC, null, timeMillis);
  }

  static Parts returned(Parts s, LedgerEvent.TransferReturned e, long timeMillis) {
    OutstandingTransfer transfer = requireOutstanding(s, e.target(), e.number());
    if (!transfer.transfer().payment().equals(e.payment())) {
      throw new IllegalStateException("another payment is returned than was sent");
    }
    Money amount = e.payment().amount();
    LedgerAccount payer = new LedgerAccount.Customer(e.payment().debtor().account());
    if (Postings.netOn(e.postings(), payer, amount.currency()) != amount.amountMinor()) {
      Bookkeeping.requireMoves(
          e.postings(), new LedgerAccount.Suspense(), amount.currency(), amount.amountMinor());
    }
    return answered(s, e, transfer, TransactionStatus.RJCT, e.reason(), timeMillis);
  }

  private static Parts answered(
      Parts s,
      LedgerEvent event,
      OutstandingTransfer transfer,
      TransactionStatus status,
      @Nullable ReasonCode reason,
      long timeMillis) {
    Payment payment = transfer.transfer().payment();
    Money amount = payment.amount();
    Bookkeeping.requireMoves(
        event.postings(),
        s.inFlightTo(transfer.target()),
        amount.currency(),
        -amount.amountMinor());
    Parts posted = Postings.post(s, event.postings());
    AccountBook book = posted.accounts();
    return posted
        .with(book.with(book.require(payment.debtor().account()).answered()))
        .with(posted.references().moved(transfer.mark(), status, reason, timeMillis))
        .with(
            transfer.target(),
            posted
                .outgoingTo(transfer.target())
                .answer(
                    transfer.transfer().number(),
                    transfer.digest(),
                    status == TransactionStatus.ACCC));
  }

  static Parts credited(Parts s, LedgerEvent.TransferCredited e) {
    Payment payment = e.transfer().payment();
    Money amount = payment.amount();
    // Only what the authority counts as arrived may miss its payee.
    boolean awaited =
        e.digest().equals(s.incomingFrom(e.source()).awaited().get(e.transfer().number()));
    LedgerAccount payee = new LedgerAccount.Customer(payment.creditor().account());
    if (!awaited
        || Postings.netOn(e.postings(), payee, amount.currency()) == amount.amountMinor()) {
      Bookkeeping.requireMoves(e.postings(), payee, amount.currency(), amount.amountMinor());
    } else {
      Bookkeeping.requireMoves(
          e.postings(), new LedgerAccount.Suspense(), amount.currency(), amount.amountMinor());
    }
    Bookkeeping.requireMoves(
        e.postings(), s.positionWith(e.source()), amount.currency(), -amount.amountMinor());
    return consumed(
        Postings.post(s, e.postings()), e.source(), e.transfer().number(), e.digest(), null);
  }

  static Parts rejected(Parts s, LedgerEvent.TransferRejected e) {
    return consumed(s, e.source(), e.number(), e.digest(), e.reason());
  }

  static Parts barred(Parts s, LedgerEvent.TransferBarred e) {
    requireOtherBank(s, e.source());
    return consumed(s, e.source(), e.number(), e.digest(), ReasonCode.RR04);
  }

  private static Parts consumed(
      Parts s, Peer source, long number, Bytes digest, @Nullable ReasonCode reason) {
    IncomingPair pair = s.incomingFrom(source);
    if (s.isSibling(source)) {
      return s.with(source, pair.next(number));
    }
    boolean awaited = pair.awaited().containsKey(number);
    if (pair.received().containsKey(number) || (number < pair.floor() && !awaited)) {
      throw new IllegalStateException("transfer number was consumed before");
    }
    return s.with(source, pair.with(number, new IncomingPair.Received(digest, reason, false)));
  }

  static Parts awaited(Parts s, LedgerEvent.TransferAwaited e) {
    requireOtherBank(s, e.source());
    IncomingPair pair = s.incomingFrom(e.source());
    if (pair.received().containsKey(e.number()) || pair.awaited().containsKey(e.number())) {
      throw new IllegalStateException("transfer number was consumed before");
    }
    return s.with(e.source(), pair.awaiting(e.number(), e.digest()));
  }

  /**
   * Counts the evidence, and marks what it is about so that the same is not kept again and again.
   */
  static Parts contradicted(Parts s, LedgerEvent.ContradictionKept e) {
    Parts counted = s.counted(e.kind());
    Long number = e.number();
    return switch (Contradiction.of(e.kind())) {
      case FORK -> {
        PeerHead head = s.heads().get(e.peer());
        yield head == null ? counted : counted.with(e.peer(), head.asForked());
      }
      case OTHER_TRANSFER, RESOLVED_INCOMING -> {
        IncomingPair pair = s.incomingFrom(e.peer());
        IncomingPair.Received received = number == null ? null : pair.received().get(number);
        yield number == null || received == null
            ? counted
            : counted.with(e.peer(), pair.with(number, received.asContradicted()));
      }
      case OTHER_DIGEST_REPORTED, OTHER_ANSWER, RESOLVED_OUTGOING -> {
        OutgoingPair pair = s.outgoingTo(e.peer());
        OutstandingTransfer waiting = number == null ? null : pair.unanswered().get(number);
        OutgoingPair.Answered answer = number == null ? null : pair.answered().get(number);
        if (waiting != null) {
          yield counted.with(e.peer(), pair.with(waiting.asContradicted()));
        }
        yield number == null || answer == null
            ? counted
            : counted.with(
                e.peer(),
                pair.with(
                    number, new OutgoingPair.Answered(answer.digest(), answer.settled(), true)));
      }
    };
  }

  static Parts floorRaised(Parts s, LedgerEvent.FloorRaised e) {
    requireOtherBank(s, e.source());
    return s.with(e.source(), s.incomingFrom(e.source()).raised(e.floor()));
  }

  static Parts siblingRead(Parts s, LedgerEvent.SiblingRead e) {
    if (e.partition() < 0
        || e.partition() == s.partition()
        || e.height() <= s.siblingHeight(e.partition())) {
      throw new IllegalStateException("another partition's chain is read on, never back");
    }
    return s.withSibling(e.partition(), e.height());
  }

  /** Nobody but the chain itself says what a partition of this bank did. */
  private static void requireOtherBank(Parts s, Peer peer) {
    if (s.isSibling(peer)) {
      throw new IllegalStateException("about a partition of this bank");
    }
  }

  static Parts headSeen(Parts s, LedgerEvent.PeerHeadSeen e) {
    PeerHead before = s.heads().get(e.peer());
    if (before != null && before.height() >= e.height()) {
      throw new IllegalStateException("a remembered head only rises");
    }
    return s.with(
        e.peer(),
        new PeerHead(e.height(), e.hash(), s.nextHeight(), before != null && before.forked()));
  }

  private static OutstandingTransfer requireOutstanding(Parts s, Peer target, long number) {
    OutstandingTransfer found = s.outgoingTo(target).unanswered().get(number);
    if (found == null) {
      throw new IllegalStateException("no such transfer is waiting");
    }
    return found;
  }
}
