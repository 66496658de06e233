package org.interseal.bank.ledger;

import java.util.UUID;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;

/** What a payer needs to recognise a payment: the part of it that a status notice repeats. */
public record PaymentReference(
    Iban account, String instructionId, String endToEndId, UUID uetr, Money amount) {
  static PaymentReference of(Payment payment) {
    return new PaymentReference(
        payment.debtor().account(),
        payment.instructionId(),
        payment.endToEndId(),
        payment.uetr(),
        payment.amount());
  }
}
