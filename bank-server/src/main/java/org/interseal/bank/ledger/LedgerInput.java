package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/**
 * Something that was opened and proved, for the ledger to decide. One envelope may carry several.
 *
 * <p>{@code reference} names the envelope and the item in it ({@code <submission id>/<index>}) and
 * is recorded in the block that consumes it.
 */
public sealed interface LedgerInput {
  String reference();

  /** The submission id of the envelope: the reference up to its slash. */
  default String submission() {
    int slash = reference().indexOf('/');
    return slash < 0 ? reference() : reference().substring(0, slash);
  }

  /**
   * From a customer's device.
   *
   * @param signingKey the key that signed; the ledger checks that it still is the linked device's
   * @param number the device's message number, from 1
   */
  record FromDevice(
      String reference,
      String deviceId,
      KeyId signingKey,
      Bytes messageId,
      long number,
      long createdAtMillis,
      long expiresAtMillis,
      DeviceMessage message)
      implements LedgerInput {}

  /** From a branch, whose certificate was valid for this bank. */
  record FromBranch(
      String reference,
      String branch,
      Bytes messageId,
      long number,
      long createdAtMillis,
      long expiresAtMillis,
      BranchMessage message)
      implements LedgerInput {}

  /**
   * A transfer from another bank, signed by a node of that bank.
   *
   * @param sourceUsable whether the source is licensed and not suspended in the registry version
   *     that the block records
   */
  record TransferReceived(
      String reference,
      BankId source,
      int sourcePartition,
      String node,
      boolean sourceUsable,
      long lowestUnanswered,
      Transfer transfer)
      implements LedgerInput {}

  /** An answer to one of our transfers, signed by a node of the answering bank. */
  record ReportReceived(
      String reference,
      BankId from,
      int fromPartition,
      String node,
      Report report,
      ChainHead head,
      String signedHead)
      implements LedgerInput {}

  /**
   * A transfer of another partition of this bank, read out of its chain.
   *
   * @param source the partition that sent it
   * @param endsHeight height of the block that it stands in, when nothing after it in there is for
   *     this partition
   */
  record SiblingTransfer(String reference, int source, Transfer transfer, @Nullable Long endsHeight)
      implements LedgerInput {}

  /**
   * What another partition of this bank did with a transfer of ours, read out of its chain.
   *
   * @param from the partition that answers
   * @param endsHeight as for {@link SiblingTransfer}
   */
  record SiblingAnswer(String reference, int from, Report report, @Nullable Long endsHeight)
      implements LedgerInput {}

  /** Up to that height another partition's blocks say nothing more to this one. */
  record SiblingPassed(String reference, int partition, long height) implements LedgerInput {}

  /**
   * The authority's signed resolution of a transfer that waits for a bank that is gone.
   *
   * @param settled whether the money counts as arrived there (else it returns to the payer)
   * @param statement the signed statement, kept as evidence
   */
  record ResolutionPublished(
      String reference,
      BankId source,
      int sourcePartition,
      BankId target,
      int targetPartition,
      long number,
      Bytes transferDigest,
      boolean settled,
      String statement)
      implements LedgerInput {}

  /**
   * A newer version of the registry was read and verified. Feed it before inputs that were verified
   * against it.
   *
   * @param version higher than the one before; a lower one is dropped
   * @param usable every licensed, unsuspended bank, our own included, with its number of ledger
   *     partitions
   */
  record RegistryObserved(String reference, long version, java.util.Map<BankId, Integer> usable)
      implements LedgerInput {
    public RegistryObserved {
      usable = java.util.Map.copyOf(usable);
    }
  }

  /**
   * The bank revoked the key of one of its servers: nothing it signs is a block of this chain any
   * more.
   *
   * @param revocation the signed row, kept as the proof
   * @param certificate the row with the certificate that it names
   */
  record ServerRevoked(
      String reference, String node, KeyId key, String revocation, String certificate)
      implements LedgerInput {}

  /**
   * The bank's own operators change the terms (limits and caps); the first one founds the ledger.
   */
  record TermsSet(String reference, LedgerTerms terms) implements LedgerInput {}

  /**
   * An envelope that could not be opened or proved; consumed without effect, so that it is counted
   * once.
   */
  record Unusable(String reference, String reason) implements LedgerInput {}
}
