package org.interseal.protocol.banking;

/** ISO 20022 external status reason codes (ExternalStatusReason1Code) that the federation uses. */
public enum ReasonCode {
  /** OfflineCreditorAgent: the payee's bank leaves too many transfers unanswered. */
  AB08,
  /** IncorrectAccountNumber: no such account. */
  AC01,
  /** ClosedAccountNumber. */
  AC04,
  /** BlockedAccount. */
  AC06,
  /** TransactionForbidden: not allowed to this author or on this account. */
  AG01,
  /** InvalidBankOperationCode: a kind of request that is not offered. */
  AG03,
  /** IncorrectAgent: the bank is unknown, unlicensed or suspended. */
  AGNT,
  /** ZeroAmount. */
  AM01,
  /** NotAllowedAmount: over a limit of the customer. */
  AM02,
  /** NotAllowedCurrency. */
  AM03,
  /** InsufficientFunds. */
  AM04,
  /** Duplication: same reference or number with other content. */
  AM05,
  /** InvalidAmount. */
  AM12,
  /** AmountExceedsSettlementLimit: over the cap on a position or on a branch's cash. */
  AM23,
  /**
   * OrderCancelled/identification failed: a wrong, used or expired activation code, or an unlinked
   * device.
   */
  DS0H,
  /** InvalidDate. */
  DT01,
  /** InvalidCreationDate, also an expired message. */
  DT04,
  /** InvalidFileFormat: the message cannot be read. */
  FF01,
  /** NotSpecifiedReasonAgentGenerated. */
  MS03,
  /** RegulatoryReason. */
  RR04
}
