package org.interseal.protocol.banking;

/** ExternalPaymentTransactionStatus1Code values of a payment, in the order of its life. */
public enum TransactionStatus {
  /** Received. */
  RCVD,
  /** Pending. */
  PDNG,
  /** AcceptedSettlementInProcess: debited, on its way to the creditor's bank. */
  ACSP,
  /** AcceptedSettlementCompletedCreditorAccount: the creditor has it. Terminal. */
  ACCC,
  /** Rejected: the debtor has the money. Terminal. */
  RJCT;

  public boolean terminal() {
    return this == ACCC || this == RJCT;
  }
}
