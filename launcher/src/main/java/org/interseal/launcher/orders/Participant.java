package org.interseal.launcher.orders;

import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;

/** An account that takes part in a file of orders. */
record Participant(BankId bank, long number, String name, Iban account) {
  static Participant payer(PaymentOrder order) {
    return new Participant(
        PaymentOrder.HOME,
        order.accountId(),
        PaymentOrder.debtorName(order.accountId()),
        order.debtorAccount());
  }

  static Participant payee(PaymentOrder order) {
    return new Participant(
        order.creditorBank(),
        order.accountTo(),
        PaymentOrder.creditorName(order.accountTo()),
        order.creditorAccount());
  }
}
