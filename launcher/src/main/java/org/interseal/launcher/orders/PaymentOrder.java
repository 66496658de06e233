package org.interseal.launcher.orders;

import java.time.LocalDate;
import java.util.UUID;
import org.interseal.client.RepeatablePayment;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;

/**
 * One line of a file of payment orders.
 *
 * @param line line number in the file, from 1
 * @param orderId the payer's reference
 * @param accountId number of the payer's account at the home bank
 * @param bankTo two capital letters that name the payee's bank
 * @param accountTo number of the payee's account there
 * @param amount in CZK
 * @param purpose the k_symbol, possibly empty
 * @param partitions of the ledger of every bank
 */
record PaymentOrder(
    int line,
    String orderId,
    long accountId,
    String bankTo,
    long accountTo,
    Money amount,
    String purpose,
    int partitions) {
  static final CurrencyCode CURRENCY = new CurrencyCode("CZK");
  private static final UUID ANY_UETR = new UUID(0x4000L, 0x8000000000000000L);
  static final BankId HOME = new BankId("HOMEXX00");

  /** The bank behind a two-letter code; the country is the user-assigned XX. */
  static BankId bank(String code) {
    return new BankId("BK" + code + "XX00");
  }

  BankId creditorBank() {
    return bank(bankTo);
  }

  Iban debtorAccount() {
    return Iban.ofWishedNumber(HOME, partitions, accountId);
  }

  Iban creditorAccount() {
    return Iban.ofWishedNumber(creditorBank(), partitions, accountTo);
  }

  static String debtorName(long accountId) {
    return "Payer " + accountId;
  }

  static String creditorName(long accountTo) {
    return "Payee " + accountTo;
  }

  /** The payment, whose UETR is the same at every run, whatever the date. */
  Payment payment(LocalDate executionDate) {
    return RepeatablePayment.of(
        new Payment(
            orderId,
            "E2E-" + orderId,
            ANY_UETR,
            new PartyAccount(debtorName(accountId), debtorAccount(), HOME),
            new PartyAccount(creditorName(accountTo), creditorAccount(), creditorBank()),
            amount,
            purpose.isEmpty() ? null : purpose,
            null,
            null,
            ChargeBearer.SLEV,
            executionDate));
  }

  /** The same at every run. */
  UUID uetr() {
    return payment(LocalDate.EPOCH).uetr();
  }
}
