package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/** Transfers from other banks: each number is answered once, and the same way for ever. */
final class TransferRules {
  private final Parts s;

  TransferRules(Parts s) {
    this.s = s;
  }

  Decision received(LedgerInput.TransferReceived in) {
    Peer source = new Peer(in.source(), in.sourcePartition());
    if (s.isSibling(source)
        || source.partition() < 0
        || source.partition() >= s.registry().partitionsOf(source.bank())) {
      return Verdict.nothing(Outcomes.UNAUTHORISED);
    }
    Verdict v = new Verdict();
    long number = in.transfer().number();
    IncomingPair pair = s.incomingFrom(source);
    // While we are suspended the floor stays: the authority may have resolved a number that its
    // source no longer
    // counts, and what falls below the floor can no longer be awaited.
    long floor = weAreUsable() ? Math.min(in.lowestUnanswered(), number) : pair.floor();
    if (floor > pair.floor()) {
      v.event(new LedgerEvent.FloorRaised(source, floor));
      pair = pair.raised(floor);
    }
    Bytes digest = in.transfer().digest();
    boolean awaited = digest.equals(pair.awaited().get(number));
    if (!awaited && number < pair.floor()) {
      return v.as(Outcomes.BELOW_FLOOR);
    }
    if (!awaited && number - pair.floor() >= IncomingPair.WINDOW) {
      return v.as(Outcomes.BEYOND_WINDOW);
    }
    IncomingPair.Received known = pair.received().get(number);
    if (known != null) {
      return known.digest().equals(digest)
          ? v.owe(new Owed.ReportAgain(source, known.report(number))).as(Outcomes.DUPLICATE)
          : contradict(v, source, number, known, in);
    }
    if (!awaited && pair.awaited().containsKey(number)) {
      return v.as(ReasonCode.AM05.name());
    }
    if (awaited) {
      return arrived(v, in.transfer(), source, digest);
    }
    if (number != pair.floor()
        && s.answeredTo(source.bank()) >= IncomingPair.MAX_ANSWERED_PER_BANK) {
      // The lowest is let in: once it is answered the floor can rise, so that an honest source gets
      // on.
      return v.as(Outcomes.TOO_MANY_ANSWERED);
    }
    return decide(v, in, source, digest);
  }

  private boolean weAreUsable() {
    return s.registry().isUsable(s.bank());
  }

  /**
   * The first outcome stays, and no report goes out: it would echo a digest that its receiver does
   * not know.
   */
  private static Decision contradict(
      Verdict v,
      Peer source,
      long number,
      IncomingPair.Received known,
      LedgerInput.TransferReceived in) {
    if (!known.contradicted()) {
      v.event(
          new LedgerEvent.ContradictionKept(
              source,
              Contradiction.OTHER_TRANSFER.code(),
              number,
              Evidence.of(in.node(), in.transfer())));
    }
    return v.as(ReasonCode.AM05.name());
  }

  private Decision decide(Verdict v, LedgerInput.TransferReceived in, Peer source, Bytes digest) {
    Transfer transfer = in.transfer();
    ReasonCode refusal = refusal(in, source, transfer.payment());
    if (refusal != null) {
      int event =
          v.event(new LedgerEvent.TransferRejected(source, transfer.number(), digest, refusal));
      return v.owe(new Owed.ReportOf(event)).as(refusal.name());
    }
    return credit(v, transfer, source, digest);
  }

  /**
   * The authority counts it as arrived and the source has settled it: a rejection would leave the
   * money with nobody. So neither cap nor suspension holds it, and what has no payee here waits in
   * suspense.
   */
  private Decision arrived(Verdict v, Transfer transfer, Peer source, Bytes digest) {
    if (unpayable(source, transfer.payment()) == null) {
      return credit(v, transfer, source, digest);
    }
    return v.owe(
            new Owed.ReportOf(creditTo(v, new LedgerAccount.Suspense(), transfer, source, digest)))
        .as(Outcomes.SUSPENSE);
  }

  private Decision credit(Verdict v, Transfer transfer, Peer source, Bytes digest) {
    CustomerAccount creditor = s.accounts().require(transfer.payment().creditor().account());
    int event = creditTo(v, new LedgerAccount.Customer(creditor.iban()), transfer, source, digest);
    return v.owe(new Owed.ReportOf(event))
        .owe(new Owed.CreditNotice(event, PaymentRules.devicesOf(s, creditor)))
        .as(Outcomes.ACCEPTED);
  }

  private int creditTo(
      Verdict v, LedgerAccount account, Transfer transfer, Peer source, Bytes digest) {
    return v.event(
        new LedgerEvent.TransferCredited(
            source,
            transfer,
            digest,
            Postings.move(
                s,
                new LedgerAccount.Position(source.bank()),
                account,
                transfer.payment().amount())));
  }

  private @Nullable ReasonCode refusal(
      LedgerInput.TransferReceived in, Peer source, Payment payment) {
    if (!in.sourceUsable() || !s.registry().isUsable(source.bank()) || !weAreUsable()) {
      return ReasonCode.AGNT;
    }
    ReasonCode unpayable = unpayable(source, payment);
    if (unpayable != null) {
      return unpayable;
    }
    return overCap(source, payment) ? ReasonCode.AM23 : null;
  }

  /** Why the payee cannot have it, or none. */
  private @Nullable ReasonCode unpayable(Peer source, Payment payment) {
    if (!payment.creditor().agent().equals(s.bank())
        || !payment.debtor().agent().equals(source.bank())) {
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

  private boolean overCap(Peer source, Payment payment) {
    long claim =
        -s.balances().of(new LedgerAccount.Position(source.bank()), payment.amount().currency());
    return claim + payment.amount().amountMinor() > s.allowance(s.terms().capOn(source.bank()));
  }
}
