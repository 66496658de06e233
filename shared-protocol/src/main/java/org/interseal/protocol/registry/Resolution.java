package org.interseal.protocol.registry;

import java.util.Objects;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * The authority's word on a transfer whose target bank can no longer answer. Both banks apply it,
 * in a block; the target before it is licensed again.
 *
 * @param v format version, 1
 * @param bank the source, whose customer's money waits
 * @param partition the source's ledger partition
 * @param targetBank the bank that did not answer
 * @param transferNumber the transfer's number between these two partitions
 * @param transferDigest SHA-256 of the transfer, as reports echo it
 * @param settled {@code true}: the payee has it; {@code false}: it goes back to the payer
 */
public record Resolution(
    int v,
    BankId bank,
    int partition,
    BankId targetBank,
    int targetPartition,
    long transferNumber,
    Bytes transferDigest,
    boolean settled)
    implements RegistryRecord {
  public Resolution {
    RecordShape.version(v);
    RecordShape.partition(partition);
    RecordShape.partition(targetPartition);
    RecordShape.require(transferNumber >= 1, "numbers start at 1");
    RecordShape.require(transferDigest.size() == 32, "a digest is a SHA-256");
    RecordShape.require(!Objects.requireNonNull(bank).equals(targetBank), "between two banks");
    Objects.requireNonNull(targetBank);
  }

  /** Names the transfer, whatever is said about it. */
  record Transfer(
      BankId bank, int partition, BankId targetBank, int targetPartition, long transferNumber) {}

  /** Whether both speak of one transfer, whatever they say. */
  public boolean concernsSameTransfer(Resolution other) {
    return transfer().equals(other.transfer());
  }

  Transfer transfer() {
    return new Transfer(bank, partition, targetBank, targetPartition, transferNumber);
  }
}
