package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/**
 * Payments between two ledger partitions of one bank. What a partition's blocks say to another one
 * is read out of its chain, whole and in order. So a pair's transfers come in order of number,
 * without gaps: the next number is all that tells a repetition, there is no window, no floor of the
 * source's, no expiry and no cap on the claim.
 */
final class SiblingRules {
  private final Parts s;

  SiblingRules(Parts s) {
    this.s = s;
  }

  Decision transfer(LedgerInput.SiblingTransfer in) {
    Peer source = sibling(in.source());
    Transfer transfer = in.transfer();
    long next = s.incomingFrom(source).floor();
    Verdict v = new Verdict();
    if (transfer.number() < next) {
      return read(v, in.source(), in.endsHeight()).as(Outcomes.DUPLICATE);
    }
    if (transfer.number() > next) {
      throw new IllegalStateException(
          "transfer " + next + " of partition " + in.source() + " was passed over");
    }
    Bytes digest = transfer.digest();
    ReasonCode refusal = unpayable(transfer.payment());
    if (refusal != null) {
      v.event(new LedgerEvent.TransferRejected(source, transfer.number(), digest, refusal));
      return read(v, in.source(), in.endsHeight()).as(refusal.name());
    }
    CustomerAccount creditor = s.accounts().require(transfer.payment().creditor().account());
    int event =
        v.event(
            new LedgerEvent.TransferCredited(
                source,
                transfer,
                digest,
                Postings.move(
                    s,
                    s.positionWith(source),
                    new LedgerAccount.Customer(creditor.iban()),
                    transfer.payment().amount())));
    v.owe(new Owed.CreditNotice(event, PaymentRules.devicesOf(s, creditor)));
    return read(v, in.source(), in.endsHeight()).as(Outcomes.ACCEPTED);
  }

  Decision answer(LedgerInput.SiblingAnswer in) {
    Peer peer = sibling(in.from());
    Report report = in.report();
    OutstandingTransfer waiting = s.outgoingTo(peer).unanswered().get(report.number());
    Verdict v = new Verdict();
    if (waiting == null) {
      return read(v, in.from(), in.endsHeight()).as(Outcomes.DUPLICATE);
    }
    if (!waiting.digest().equals(report.transferDigest())) {
      // Only a server gone mad writes that: verification finds it, and nobody else has to wait.
      if (!waiting.contradicted()) {
        v.event(
            new LedgerEvent.ContradictionKept(
                peer,
                Contradiction.OTHER_DIGEST_REPORTED.code(),
                report.number(),
                Evidence.of("partition " + in.from(), report)));
      }
      return read(v, in.from(), in.endsHeight()).as(Outcomes.CONTRADICTION);
    }
    Verdict told =
        report.status() == TransactionStatus.ACCC
            ? ReportRules.settle(s, v, waiting, null)
            : ReportRules.giveBack(s, v, waiting, ReportRules.rejection(report), null);
    return read(told, in.from(), in.endsHeight()).as(Outcomes.ACCEPTED);
  }

  Decision passed(LedgerInput.SiblingPassed in) {
    return in.height() > s.siblingHeight(sibling(in.partition()).partition())
        ? read(new Verdict(), in.partition(), in.height()).as(Outcomes.ACCEPTED)
        : Verdict.nothing(Outcomes.IRRELEVANT);
  }

  private Peer sibling(int partition) {
    if (partition == s.partition() || partition < 0) {
      throw new IllegalStateException("not another partition: " + partition);
    }
    return new Peer(s.bank(), partition);
  }

  /** With the last of what a block says to us, the block is consumed. */
  private Verdict read(Verdict v, int partition, @Nullable Long endsHeight) {
    if (endsHeight != null && endsHeight > s.siblingHeight(partition)) {
      v.event(new LedgerEvent.SiblingRead(partition, endsHeight));
    }
    return v;
  }

  /** Why the payee cannot have it, or none. */
  private @Nullable ReasonCode unpayable(Payment payment) {
    if (!payment.creditor().agent().equals(s.bank())) {
      return ReasonCode.AGNT;
    }
    CustomerAccount creditor = s.accounts().find(payment.creditor().account());
    if (creditor == null) {
      return ReasonCode.AC01;
    }
    if (creditor.closed()) {
      return ReasonCode.AC04;
    }
    if (!creditor.currency().equals(payment.amount().currency())) {
      return ReasonCode.AM03;
    }
    return creditor.canTake(payment.amount().amountMinor()) ? null : ReasonCode.AM12;
  }
}
