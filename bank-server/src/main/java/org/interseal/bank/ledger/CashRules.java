package org.interseal.bank.ledger;

import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.jspecify.annotations.Nullable;

/**
 * Cash at branches. A branch's reference is used once in 30 days; the same request gets its first
 * answer again.
 */
final class CashRules {
  private final Parts s;
  private final long timeMillis;

  CashRules(Parts s, long timeMillis) {
    this.s = s;
    this.timeMillis = timeMillis;
  }

  /** What a cash request asks, either way. */
  private record Request(
      Iban account,
      Money amount,
      String reference,
      String teller,
      boolean credit,
      ReferenceMark mark) {}

  /** Why it is refused. */
  private record Refusal(ReasonCode reason, String detail) {}

  Decision payIn(LedgerInput.FromBranch in, BranchMessage.PayCashIn m, Verdict v) {
    ReferenceMark mark = ReferenceMark.ofCash(s.bank(), in.branch(), m, m.reference());
    return decide(
        in, new Request(m.account(), m.amount(), m.reference(), m.teller(), true, mark), v);
  }

  Decision payOut(LedgerInput.FromBranch in, BranchMessage.PayCashOut m, Verdict v) {
    ReferenceMark mark = ReferenceMark.ofCash(s.bank(), in.branch(), m, m.reference());
    return decide(
        in, new Request(m.account(), m.amount(), m.reference(), m.teller(), false, mark), v);
  }

  private Decision decide(LedgerInput.FromBranch in, Request request, Verdict v) {
    if (s.references().find(request.mark().key(), timeMillis) instanceof References.Cash first) {
      return again(in, request, first, v);
    }
    Refusal refusal = refusal(in.branch(), request);
    if (refusal != null) {
      v.event(
          new LedgerEvent.CashRefused(
              in.branch(), request.mark(), refusal.reason(), refusal.detail()));
      return v.refuse(in, refusal.reason(), refusal.detail());
    }
    return book(in, request, v);
  }

  private static Decision again(
      LedgerInput.FromBranch in, Request request, References.Cash first, Verdict v) {
    if (!first.content().equals(request.mark().content())) {
      return v.refuse(in, ReasonCode.AM05, "the reference was used with other content");
    }
    ReasonCode reason = first.reason();
    String detail = first.detail();
    Money branchCash = first.branchCash();
    if (reason != null || branchCash == null) {
      return v.answer(
          in,
          new BranchNotice.Refused(
              in.messageId(),
              reason == null ? ReasonCode.MS03 : reason,
              detail == null ? "" : detail),
          Outcomes.FIRST_ANSWER);
    }
    return v.answer(
        in,
        new BranchNotice.CashBooked(
            in.messageId(), request.account(), request.amount(), request.reference(), branchCash),
        Outcomes.FIRST_ANSWER);
  }

  private @Nullable Refusal refusal(String branch, Request request) {
    Money amount = request.amount();
    if (!amount.isPositive()) {
      return amount.amountMinor() == 0
          ? new Refusal(ReasonCode.AM01, "the amount is zero")
          : new Refusal(ReasonCode.AM12, "the amount is negative");
    }
    CustomerAccount account = s.accounts().find(request.account());
    if (account == null) {
      return new Refusal(ReasonCode.AC01, "no such account");
    }
    if (account.closed()) {
      return new Refusal(ReasonCode.AC04, "the account is closed");
    }
    if (!account.currency().equals(amount.currency())) {
      return new Refusal(ReasonCode.AM03, "the account is in another currency");
    }
    long held = held(branch, amount);
    if (request.credit()) {
      if (!account.canTake(amount.amountMinor())) {
        return new Refusal(ReasonCode.AM12, "the account cannot hold so much");
      }
      return held + amount.amountMinor() > s.allowance(s.terms().branchCap())
          ? new Refusal(ReasonCode.AM23, "the branch would hold too much cash")
          : null;
    }
    if (amount.amountMinor() > account.availableMinor()) {
      return new Refusal(ReasonCode.AM04, "insufficient funds");
    }
    return amount.amountMinor() > held
        ? new Refusal(ReasonCode.AM23, "the branch does not hold so much cash")
        : null;
  }

  private long held(String branch, Money amount) {
    return -s.balances().of(new LedgerAccount.Cash(branch), amount.currency());
  }

  private Decision book(LedgerInput.FromBranch in, Request request, Verdict v) {
    Money amount = request.amount();
    LedgerAccount cash = new LedgerAccount.Cash(in.branch());
    LedgerAccount customer = new LedgerAccount.Customer(request.account());
    long after =
        held(in.branch(), amount)
            + (request.credit() ? amount.amountMinor() : -amount.amountMinor());
    Money branchCash = new Money(after, amount.currency());
    int event =
        v.event(
            new LedgerEvent.CashBooked(
                in.branch(),
                request.teller(),
                request.account(),
                amount,
                request.credit(),
                request.reference(),
                request.mark(),
                branchCash,
                request.credit()
                    ? Postings.move(s, cash, customer, amount)
                    : Postings.move(s, customer, cash, amount)));
    v.owe(
        new Owed.CashNotice(
            event, PaymentRules.devicesOf(s, s.accounts().require(request.account()))));
    return v.answer(
        in,
        new BranchNotice.CashBooked(
            in.messageId(), request.account(), amount, request.reference(), branchCash),
        Outcomes.ACCEPTED);
  }
}
