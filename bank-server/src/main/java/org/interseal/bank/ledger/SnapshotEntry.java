package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;

/** A piece of a snapshot. Names and members are a stored format: see docs/reference/ledger.md. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SnapshotEntry.Head.class, name = "head"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfCustomer.class, name = "customer"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfAccount.class, name = "account"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfOwnBalance.class, name = "own-balance"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfCustomerTotal.class, name = "customer-total"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfDevice.class, name = "device"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfWindow.class, name = "window"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfReference.class, name = "reference"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfDue.class, name = "due"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfOutgoing.class, name = "outgoing"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfUnanswered.class, name = "unanswered"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfAnswered.class, name = "answered"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfIncoming.class, name = "incoming"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfReceived.class, name = "received"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfAwaited.class, name = "awaited"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfPeerHead.class, name = "peer-head"),
  @JsonSubTypes.Type(value = SnapshotEntry.OfSibling.class, name = "sibling"),
  @JsonSubTypes.Type(value = SnapshotEntry.End.class, name = "end"),
})
sealed interface SnapshotEntry {
  /** The first entry: whose state, and everything that is there once. */
  record Head(
      BankId bank,
      int partition,
      Parts.Progress progress,
      LedgerTerms terms,
      RegistryView registry,
      long nextCustomer,
      long nextNumber,
      long nextReference,
      Map<String, Long> evidence)
      implements SnapshotEntry {}

  record OfCustomer(Customer customer) implements SnapshotEntry {}

  record OfAccount(CustomerAccount account) implements SnapshotEntry {}

  record OfOwnBalance(String account, long balanceMinor) implements SnapshotEntry {}

  record OfCustomerTotal(CurrencyCode currency, long totalMinor) implements SnapshotEntry {}

  record OfDevice(DeviceView device) implements SnapshotEntry {}

  /** {@code missing} in hexadecimal, see {@link MessageWindow#missing}. */
  record OfWindow(String author, long highest, String missing) implements SnapshotEntry {}

  /** In versions 1 and 2; since version 3 packed, see {@link PackedReference}. */
  record OfReference(Bytes key, References.Remembered answer) implements SnapshotEntry {}

  /** In versions 1 and 2; since version 3 packed, see {@link ExpiryQueue}. */
  record OfDue(long sequence, References.Due due) implements SnapshotEntry {}

  record OfOutgoing(Peer peer, long nextNumber) implements SnapshotEntry {}

  record OfUnanswered(OutstandingTransfer transfer) implements SnapshotEntry {}

  record OfAnswered(Peer peer, long number, OutgoingPair.Answered answer)
      implements SnapshotEntry {}

  record OfIncoming(Peer peer, long floor) implements SnapshotEntry {}

  record OfReceived(Peer peer, long number, IncomingPair.Received answer)
      implements SnapshotEntry {}

  record OfAwaited(Peer peer, long number, Bytes digest) implements SnapshotEntry {}

  record OfPeerHead(Peer peer, PeerHead head) implements SnapshotEntry {}

  /** Since version 2: up to where another partition's chain is consumed. */
  record OfSibling(int partition, long height) implements SnapshotEntry {}

  /** The last entry: how many were before it. */
  record End(long entries) implements SnapshotEntry {}
}
