package org.interseal.protocol.message;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;

/** What banks tell each other, a node to a bank. */
public sealed interface InterbankMessage {
  /** Most transfers or reports in one letter, so that it stays below 256 KiB. */
  int MAX_ITEMS = 200;

  /**
   * Transfers of one block to one partition of the target bank (pacs.008).
   *
   * @param sourcePartition the sender's ledger partition
   * @param targetPartition the receiver's
   * @param lowestUnanswered the lowest number of this pair that still lacks a terminal answer,
   *     never above the first number in here; the receiver may forget everything below
   * @param transfers in rising number
   */
  record TransferBatch(
      int sourcePartition, int targetPartition, long lowestUnanswered, List<Transfer> transfers)
      implements InterbankMessage {
    public TransferBatch {
      transfers = List.copyOf(transfers);
      requireItems(transfers.size());
      long previous = 0;
      for (Transfer transfer : transfers) {
        if (transfer.number() <= previous) {
          throw new IllegalArgumentException("transfers out of order");
        }
        previous = transfer.number();
      }
      if (lowestUnanswered < 1 || lowestUnanswered > transfers.getFirst().number()) {
        throw new IllegalArgumentException("lowestUnanswered above the first number");
      }
    }
  }

  /**
   * One transfer. Its number and digest stay the same however often it is sealed again.
   *
   * @param number from 1, per (source bank and partition, target bank and partition)
   * @param messageId names the place in the sender's chain that owes it, 16 bytes
   */
  record Transfer(long number, Bytes messageId, Payment payment) {
    public Transfer {
      if (number < 1 || messageId.size() != 16) {
        throw new IllegalArgumentException("transfer number or message id");
      }
      java.util.Objects.requireNonNull(payment);
    }

    /** SHA-256 of the canonical spelling, which a report echoes. */
    public Bytes digest() {
      return Bytes.sha256OfFields("interseal transfer v1", ProtocolJson.encode(this));
    }
  }

  /**
   * Answers to transfers (pacs.002), from blocks of the sender.
   *
   * @param sourcePartition the partition of the bank that sent the transfers
   * @param targetPartition the partition of the bank that answers
   * @param head a {@link org.interseal.crypto.SignedStatement} of a {@link ChainHead} by the server
   *     that signs the letter
   */
  record ReportBatch(int sourcePartition, int targetPartition, List<Report> reports, String head)
      implements InterbankMessage {
    public ReportBatch {
      reports = List.copyOf(reports);
      requireItems(reports.size());
      java.util.Objects.requireNonNull(head);
    }
  }

  /**
   * One answer.
   *
   * @param transferDigest echoes the transfer
   * @param status ACCC or RJCT
   * @param reason with RJCT
   */
  record Report(
      long number, Bytes transferDigest, TransactionStatus status, @Nullable ReasonCode reason) {
    public Report {
      if (!status.terminal() || (status == TransactionStatus.RJCT) != (reason != null)) {
        throw new IllegalArgumentException("a report is ACCC, or RJCT with a reason");
      }
    }
  }

  private static void requireItems(int size) {
    if (size < 1 || size > MAX_ITEMS) {
      throw new IllegalArgumentException("1 to " + MAX_ITEMS + " items");
    }
  }
}
