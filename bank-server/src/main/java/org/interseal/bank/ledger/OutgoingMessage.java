package org.interseal.bank.ledger;

import java.time.LocalDate;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/** An owed message with everything that the outbox needs to seal it. */
public sealed interface OutgoingMessage {
  /**
   * A notice to a device.
   *
   * @param encryptionKey SPKI of the key that it is sealed to
   * @param inReplyTo the submission id of the envelope that it answers, or none
   * @param subject names something (for example {@code payment:<uetr>}) of which only the newest
   *     state matters; a notice that is not {@code terminal} may be skipped when a later one of the
   *     same device and subject is due
   */
  record ToDevice(
      String deviceId,
      Bytes encryptionKey,
      @Nullable String inReplyTo,
      @Nullable String subject,
      boolean terminal,
      DeviceNotice notice)
      implements OutgoingMessage {}

  /** A statement page to be worked out by {@link StatementBuilder}. */
  record StatementToDevice(
      String deviceId,
      Bytes encryptionKey,
      String inReplyTo,
      Bytes messageId,
      Iban account,
      LocalDate fromDate,
      LocalDate toDate,
      @Nullable String continuation,
      long startHeight)
      implements OutgoingMessage {}

  /** An answer to a branch. */
  record ToBranch(String branch, String inReplyTo, BranchNotice notice)
      implements OutgoingMessage {}

  /** A transfer to another bank. */
  record TransferTo(BankId target, int targetPartition, Transfer transfer)
      implements OutgoingMessage {}

  /** A report to the bank that sent a transfer. */
  record ReportTo(BankId source, int sourcePartition, Report report) implements OutgoingMessage {}

  /**
   * What gateways must know of a device.
   *
   * @param revision rises with every change of the device
   * @param keys none once it is unlinked
   */
  record DeviceRecord(String deviceId, long revision, boolean linked, @Nullable DeviceKeys keys)
      implements OutgoingMessage {}
}
