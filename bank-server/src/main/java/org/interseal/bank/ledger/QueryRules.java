package org.interseal.bank.ledger;

import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;

/**
 * Questions of devices. An account that is not the customer's is answered like one that does not
 * exist.
 */
final class QueryRules {
  private static final String NOT_YOURS = "no such account of this customer";

  private final Parts s;
  private final long timeMillis;

  QueryRules(Parts s, long timeMillis) {
    this.s = s;
    this.timeMillis = timeMillis;
  }

  /** The device's customer's account, or none. */
  static @Nullable CustomerAccount own(Parts s, DeviceView device, Iban iban) {
    CustomerAccount account = s.accounts().find(iban);
    return account != null && account.customerId() == device.customerId() ? account : null;
  }

  Decision balance(
      LedgerInput.FromDevice in, DeviceView device, DeviceMessage.QueryBalance query, Verdict v) {
    CustomerAccount account = own(s, device, query.account());
    if (account == null) {
      return v.refuse(in, ReasonCode.AG01, NOT_YOURS);
    }
    return v.answer(
        in,
        new DeviceNotice.Balance(
            in.messageId(),
            account.iban(),
            new Money(account.bookedMinor(), account.currency()),
            new Money(account.availableMinor(), account.currency()),
            timeMillis),
        Outcomes.ACCEPTED);
  }

  Decision payment(
      LedgerInput.FromDevice in, DeviceView device, DeviceMessage.QueryPayment query, Verdict v) {
    CustomerAccount account = own(s, device, query.account());
    if (account == null) {
      return v.refuse(in, ReasonCode.AG01, NOT_YOURS);
    }
    References.Remembered found =
        s.references()
            .find(ReferenceMark.instructionKey(query.account(), query.instructionId()), timeMillis);
    if (!(found instanceof References.Instruction instruction)) {
      return v.refuse(in, ReasonCode.MS03, "no such instruction in the last 30 days");
    }
    return v.answer(
        in, status(in, query.account(), query.instructionId(), instruction), Outcomes.ACCEPTED);
  }

  static DeviceNotice.PaymentStatus status(
      LedgerInput.FromDevice in,
      Iban account,
      String instructionId,
      References.Instruction instruction) {
    return new DeviceNotice.PaymentStatus(
        in.messageId(),
        account,
        instructionId,
        instruction.endToEndId(),
        instruction.uetr(),
        instruction.amount(),
        instruction.status(),
        instruction.reason(),
        instruction.decidedAtMillis());
  }

  Decision statement(
      LedgerInput.FromDevice in, DeviceView device, DeviceMessage.QueryStatement query, Verdict v) {
    CustomerAccount account = own(s, device, query.account());
    if (account == null) {
      return v.refuse(in, ReasonCode.AG01, NOT_YOURS);
    }
    if (query.fromDate().isAfter(query.toDate())) {
      return v.refuse(in, ReasonCode.DT01, "the first date is after the last");
    }
    String continuation = query.continuation();
    if (continuation != null && StatementBuilder.Continuation.parse(continuation).isEmpty()) {
      return v.refuse(in, ReasonCode.FF01, "not a continuation");
    }
    return v.owe(
            new Owed.StatementAnswer(
                in.deviceId(),
                in.submission(),
                in.messageId(),
                account.iban(),
                query.fromDate(),
                query.toDate(),
                continuation,
                account.touchedHeight()))
        .as(Outcomes.ACCEPTED);
  }
}
