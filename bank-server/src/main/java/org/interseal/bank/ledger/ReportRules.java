package org.interseal.bank.ledger;

import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.jspecify.annotations.Nullable;

/**
 * Answers to our transfers. The first terminal answer wins; whatever disagrees later is evidence.
 */
final class ReportRules {
  private final Parts s;

  ReportRules(Parts s) {
    this.s = s;
  }

  Decision received(LedgerInput.ReportReceived in) {
    Peer peer = new Peer(in.from(), in.fromPartition());
    if (s.isSibling(peer)) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    Verdict v = new Verdict();
    noteHead(v, peer, in);
    Report report = in.report();
    OutgoingPair pair = s.outgoingTo(peer);
    OutstandingTransfer waiting = pair.unanswered().get(report.number());
    if (waiting == null) {
      return late(v, peer, pair.answered().get(report.number()), in);
    }
    if (!waiting.digest().equals(report.transferDigest())) {
      if (!waiting.contradicted()) {
        keep(v, peer, Contradiction.OTHER_DIGEST_REPORTED, in);
      }
      return v.as(Outcomes.CONTRADICTION);
    }
    return report.status() == TransactionStatus.ACCC
        ? settle(s, v, waiting, null).as(Outcomes.ACCEPTED)
        : giveBack(s, v, waiting, rejection(report), null).as(Outcomes.ACCEPTED);
  }

  static ReasonCode rejection(Report report) {
    ReasonCode reason = report.reason();
    return reason == null ? ReasonCode.MS03 : reason;
  }

  private static Decision late(
      Verdict v, Peer peer, OutgoingPair.@Nullable Answered answer, LedgerInput.ReportReceived in) {
    if (answer == null) {
      return v.as(Outcomes.LATE_REPORT);
    }
    boolean agrees =
        answer.digest().equals(in.report().transferDigest())
            && answer.settled() == (in.report().status() == TransactionStatus.ACCC);
    if (agrees) {
      return v.as(Outcomes.LATE_REPORT);
    }
    if (!answer.contradicted()) {
      keep(v, peer, Contradiction.OTHER_ANSWER, in);
    }
    return v.as(Outcomes.CONTRADICTION);
  }

  private static void keep(
      Verdict v, Peer peer, Contradiction kind, LedgerInput.ReportReceived in) {
    v.event(
        new LedgerEvent.ContradictionKept(
            peer, kind.code(), in.report().number(), Evidence.of(in.node(), in.report())));
  }

  /** Remembers the highest head shown, at most one per counterparty and block. */
  private void noteHead(Verdict v, Peer peer, LedgerInput.ReportReceived in) {
    ChainHead head = in.head();
    // Only counterparties that we deal with can make us remember anything.
    if (!s.outgoing().containsKey(peer)
        || !head.bank().equals(peer.bank())
        || head.partition() != peer.partition()
        || head.height() < 1
        || head.hash().size() != 32
        || in.signedHead().length() > Evidence.MAX_LENGTH) {
      return;
    }
    PeerHead before = s.heads().get(peer);
    if (before == null
        || (head.height() > before.height() && before.notedHeight() != s.nextHeight())) {
      v.event(new LedgerEvent.PeerHeadSeen(peer, head.height(), head.hash(), in.signedHead()));
    } else if (head.height() == before.height()
        && !head.hash().equals(before.hash())
        && !before.forked()) {
      v.event(
          new LedgerEvent.ContradictionKept(
              peer, Contradiction.FORK.code(), null, Evidence.of(in.signedHead())));
    }
  }

  static Verdict settle(
      Parts s, Verdict v, OutstandingTransfer waiting, @Nullable String resolution) {
    Payment payment = waiting.transfer().payment();
    int event =
        v.event(
            new LedgerEvent.TransferSettled(
                waiting.target(),
                waiting.transfer().number(),
                PaymentReference.of(payment),
                resolution,
                Postings.move(
                    s,
                    s.inFlightTo(waiting.target()),
                    s.positionWith(waiting.target()),
                    payment.amount())));
    return tell(s, v, event, waiting);
  }

  static Verdict giveBack(
      Parts s,
      Verdict v,
      OutstandingTransfer waiting,
      ReasonCode reason,
      @Nullable String resolution) {
    Payment payment = waiting.transfer().payment();
    CustomerAccount payer = s.accounts().require(payment.debtor().account());
    boolean canTake = !payer.closed() && payer.canTake(payment.amount().amountMinor());
    int event =
        v.event(
            new LedgerEvent.TransferReturned(
                waiting.target(),
                waiting.transfer().number(),
                payment,
                reason,
                resolution,
                Postings.move(
                    s,
                    s.inFlightTo(waiting.target()),
                    canTake
                        ? new LedgerAccount.Customer(payer.iban())
                        : new LedgerAccount.Suspense(),
                    payment.amount())));
    return tell(s, v, event, waiting);
  }

  private static Verdict tell(Parts s, Verdict v, int event, OutstandingTransfer waiting) {
    CustomerAccount payer = s.accounts().require(waiting.transfer().payment().debtor().account());
    return v.owe(new Owed.StatusNotice(event, PaymentRules.devicesOf(s, payer), waiting.reply()));
  }
}
