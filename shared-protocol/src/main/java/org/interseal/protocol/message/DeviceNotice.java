package org.interseal.protocol.message;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a bank tells a device. {@code inReplyTo} is the message id of the device's letter that is
 * answered.
 */
public sealed interface DeviceNotice {
  /**
   * The state of a payment (pain.002): the bank's signed answer, and the only receipt.
   *
   * @param status a terminal status is final
   * @param reason set with RJCT
   * @param ledgerTimeMillis of the block that decided
   */
  record PaymentStatus(
      @Nullable Bytes inReplyTo,
      Iban account,
      String instructionId,
      String endToEndId,
      UUID uetr,
      Money amount,
      TransactionStatus status,
      @Nullable ReasonCode reason,
      long ledgerTimeMillis)
      implements DeviceNotice {}

  /** Money arrived on an account (camt.054). */
  record CreditReceived(Iban account, Payment payment, long ledgerTimeMillis)
      implements DeviceNotice {}

  /** Cash was paid in ({@code credit}) or out at a branch (camt.054). */
  record CashBooked(
      Iban account, Money amount, boolean credit, String branch, long ledgerTimeMillis)
      implements DeviceNotice {}

  /**
   * Balances (camt.052).
   *
   * @param booked what is posted
   * @param available what can be spent now
   */
  record Balance(
      Bytes inReplyTo, Iban account, Money booked, Money available, long ledgerTimeMillis)
      implements DeviceNotice {}

  /**
   * A page of a statement (camt.053), entries from the newest back.
   *
   * @param opening booked balance before {@code fromDate}; set on the last page only
   * @param closing booked balance after {@code toDate}; set on the first page only
   * @param continuation for the next page, or none
   * @param earlierClosed true when the bank has closed, and no longer keeps at hand, what is older
   *     than these entries; the opening balance is then the one before them. Else absent
   */
  record Statement(
      Bytes inReplyTo,
      Iban account,
      LocalDate fromDate,
      LocalDate toDate,
      @Nullable Money opening,
      @Nullable Money closing,
      List<StatementEntry> entries,
      @Nullable String continuation,
      @Nullable Boolean earlierClosed)
      implements DeviceNotice {
    public Statement {
      entries = List.copyOf(entries);
    }

    /** A page of which nothing is missing. */
    public Statement(
        Bytes inReplyTo,
        Iban account,
        LocalDate fromDate,
        LocalDate toDate,
        @Nullable Money opening,
        @Nullable Money closing,
        List<StatementEntry> entries,
        @Nullable String continuation) {
      this(inReplyTo, account, fromDate, toDate, opening, closing, entries, continuation, null);
    }
  }

  /** A device of the customer was linked. */
  record DeviceLinked(@Nullable Bytes inReplyTo, String deviceId, String deviceName, Iban account)
      implements DeviceNotice {}

  /** A device of the customer was unlinked. */
  record DeviceUnlinked(@Nullable Bytes inReplyTo, String deviceId) implements DeviceNotice {}

  /** The request was refused and changed nothing. */
  record Refused(Bytes inReplyTo, ReasonCode reason, String detail) implements DeviceNotice {}

  /**
   * One booked entry of a statement.
   *
   * @param height block, and {@code index} within it: the entry's place in the chain
   * @param amount signed; negative debits the account
   * @param kind what happened: payment, credit, reversal, cash-in, cash-out
   * @param counterparty name of the other side, or none for cash
   */
  record StatementEntry(
      long height,
      int index,
      LocalDate bookingDate,
      Money amount,
      String kind,
      @Nullable String instructionId,
      @Nullable String endToEndId,
      @Nullable UUID uetr,
      @Nullable String counterparty,
      @Nullable Iban counterpartyAccount,
      @Nullable String remittance) {}
}
