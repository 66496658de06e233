package org.interseal.bank.ledger;

import java.time.LocalDate;
import java.util.List;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/** Payment instructions: inside this partition at once, elsewhere by a transfer. */
final class PaymentRules {
  /** How many days before today an execution date may lie. */
  private static final int MAX_DAYS_LATE = 1;

  private final Parts s;
  private final long timeMillis;
  private final BlockSlot place;

  PaymentRules(Parts s, long timeMillis, BlockSlot place) {
    this.s = s;
    this.timeMillis = timeMillis;
    this.place = place;
  }

  Decision instruct(
      LedgerInput.FromDevice in,
      DeviceView device,
      DeviceMessage.InstructPayment message,
      Verdict v) {
    Payment payment = message.payment();
    CustomerAccount debtor = QueryRules.own(s, device, payment.debtor().account());
    if (debtor == null || !payment.debtor().agent().equals(s.bank())) {
      return v.refuse(in, ReasonCode.AG01, "no such account of this customer");
    }
    ReferenceMark mark = ReferenceMark.ofInstruction(payment);
    if (s.references().find(mark.key(), timeMillis) instanceof References.Instruction first) {
      return first.content().equals(mark.content())
          ? v.answer(
              in,
              QueryRules.status(in, debtor.iban(), payment.instructionId(), first),
              Outcomes.FIRST_ANSWER)
          : v.refuse(in, ReasonCode.AM05, "the instruction id was used with other content");
    }
    ReasonCode refusal = refusal(debtor, payment);
    if (refusal != null) {
      int event =
          v.event(new LedgerEvent.PaymentRejected(PaymentReference.of(payment), mark, refusal));
      return v.owe(new Owed.StatusNotice(event, List.of(in.deviceId()), DeviceRules.reply(in)))
          .as(refusal.name());
    }
    return isInside(payment.creditor())
        ? book(in, debtor, payment, mark, v)
        : send(in, debtor, payment, mark, v);
  }

  private boolean isInside(PartyAccount creditor) {
    return creditor.agent().equals(s.bank()) && creditor.account().partition() == s.partition();
  }

  private @Nullable ReasonCode refusal(CustomerAccount debtor, Payment payment) {
    Money amount = payment.amount();
    if (debtor.closed()) {
      return ReasonCode.AC04;
    }
    if (!debtor.currency().equals(amount.currency())) {
      return ReasonCode.AM03;
    }
    if (!isDue(payment.requestedExecutionDate())) {
      return ReasonCode.DT01;
    }
    if (overLimit(debtor, amount.amountMinor())) {
      return ReasonCode.AM02;
    }
    ReasonCode creditor =
        isInside(payment.creditor())
            ? refusalInside(debtor, payment)
            : refusalElsewhere(payment.creditor());
    if (creditor != null) {
      return creditor;
    }
    return amount.amountMinor() > debtor.availableMinor() ? ReasonCode.AM04 : null;
  }

  private boolean isDue(LocalDate executionDate) {
    long today = Math.floorDiv(timeMillis, Bookkeeping.DAY_MILLIS);
    long day = executionDate.toEpochDay();
    return day <= today && day >= today - MAX_DAYS_LATE;
  }

  private boolean overLimit(CustomerAccount debtor, long amountMinor) {
    long paid = debtor.paidOn(Math.floorDiv(timeMillis, Bookkeeping.DAY_MILLIS));
    return amountMinor > s.terms().paymentLimitMinor()
        || amountMinor > s.terms().dailyLimit() - paid;
  }

  private @Nullable ReasonCode refusalInside(CustomerAccount debtor, Payment payment) {
    CustomerAccount creditor = s.accounts().find(payment.creditor().account());
    if (creditor == null) {
      return ReasonCode.AC01;
    }
    if (creditor.closed()) {
      return ReasonCode.AC04;
    }
    if (creditor.iban().equals(debtor.iban())) {
      return ReasonCode.AG01;
    }
    if (!creditor.currency().equals(payment.amount().currency())) {
      return ReasonCode.AM03;
    }
    return creditor.canTake(payment.amount().amountMinor()) ? null : ReasonCode.AM12;
  }

  private @Nullable ReasonCode refusalElsewhere(PartyAccount creditor) {
    BankId agent = creditor.agent();
    boolean ours = agent.equals(s.bank());
    if (!ours && (!s.registry().isUsable(s.bank()) || !s.registry().isUsable(agent))) {
      return ReasonCode.AGNT;
    }
    if (creditor.account().partition() >= s.registry().partitionsOf(agent)) {
      return ReasonCode.AC01;
    }
    OutgoingPair pair = s.outgoingTo(new Peer(agent, creditor.account().partition()));
    boolean full =
        pair.unanswered().size() >= s.terms().outstandingCap()
            || pair.nextNumber() - pair.lowestUnanswered() >= IncomingPair.WINDOW;
    return full ? ReasonCode.AB08 : null;
  }

  private Decision book(
      LedgerInput.FromDevice in,
      CustomerAccount debtor,
      Payment payment,
      ReferenceMark mark,
      Verdict v) {
    CustomerAccount creditor = s.accounts().require(payment.creditor().account());
    int event =
        v.event(
            new LedgerEvent.PaymentBooked(
                payment,
                mark,
                Postings.move(
                    s,
                    new LedgerAccount.Customer(debtor.iban()),
                    new LedgerAccount.Customer(creditor.iban()),
                    payment.amount())));
    return v.owe(new Owed.StatusNotice(event, devicesOf(s, debtor), DeviceRules.reply(in)))
        .owe(new Owed.CreditNotice(event, devicesOf(s, creditor)))
        .as(Outcomes.ACCEPTED);
  }

  private Decision send(
      LedgerInput.FromDevice in,
      CustomerAccount debtor,
      Payment payment,
      ReferenceMark mark,
      Verdict v) {
    Peer target = new Peer(payment.creditor().agent(), payment.creditor().account().partition());
    Transfer transfer = new Transfer(s.outgoingTo(target).nextNumber(), place.messageId(), payment);
    Owed.Reply reply = DeviceRules.reply(in);
    int event =
        v.event(
            new LedgerEvent.TransferSent(
                target,
                transfer,
                transfer.digest(),
                mark,
                reply,
                Postings.move(
                    s,
                    new LedgerAccount.Customer(debtor.iban()),
                    s.inFlightTo(target),
                    payment.amount())));
    if (!s.isSibling(target)) {
      // Another partition of this bank reads the event itself.
      v.owe(new Owed.TransferOut(event));
    }
    return v.owe(new Owed.StatusNotice(event, devicesOf(s, debtor), reply)).as(Outcomes.ACCEPTED);
  }

  static List<String> devicesOf(Parts s, CustomerAccount account) {
    return s.accounts().customer(account.customerId()).devices();
  }
}
