package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in the ledger; the fold of all events is its state. Names and members are
 * a stored format: see docs/reference/ledger.md.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LedgerEvent.TermsChanged.class, name = "terms-changed"),
  @JsonSubTypes.Type(value = LedgerEvent.RegistryNoted.class, name = "registry-noted"),
  @JsonSubTypes.Type(value = LedgerEvent.ServerEvicted.class, name = "server-evicted"),
  @JsonSubTypes.Type(value = LedgerEvent.MessageTaken.class, name = "message-taken"),
  @JsonSubTypes.Type(value = LedgerEvent.InputSetAside.class, name = "input-set-aside"),
  @JsonSubTypes.Type(value = LedgerEvent.AccountOpened.class, name = "account-opened"),
  @JsonSubTypes.Type(value = LedgerEvent.AccountClosed.class, name = "account-closed"),
  @JsonSubTypes.Type(value = LedgerEvent.CashBooked.class, name = "cash-booked"),
  @JsonSubTypes.Type(value = LedgerEvent.CashRefused.class, name = "cash-refused"),
  @JsonSubTypes.Type(
      value = LedgerEvent.ActivationCodeIssued.class,
      name = "activation-code-issued"),
  @JsonSubTypes.Type(value = LedgerEvent.ActivationTried.class, name = "activation-tried"),
  @JsonSubTypes.Type(value = LedgerEvent.DeviceLinked.class, name = "device-linked"),
  @JsonSubTypes.Type(value = LedgerEvent.DeviceUnlinked.class, name = "device-unlinked"),
  @JsonSubTypes.Type(value = LedgerEvent.PaymentBooked.class, name = "payment-booked"),
  @JsonSubTypes.Type(value = LedgerEvent.PaymentRejected.class, name = "payment-rejected"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferSent.class, name = "transfer-sent"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferSettled.class, name = "transfer-settled"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferReturned.class, name = "transfer-returned"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferCredited.class, name = "transfer-credited"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferRejected.class, name = "transfer-rejected"),
  @JsonSubTypes.Type(value = LedgerEvent.FloorRaised.class, name = "floor-raised"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferBarred.class, name = "transfer-barred"),
  @JsonSubTypes.Type(value = LedgerEvent.TransferAwaited.class, name = "transfer-awaited"),
  @JsonSubTypes.Type(value = LedgerEvent.ContradictionKept.class, name = "contradiction-kept"),
  @JsonSubTypes.Type(value = LedgerEvent.PeerHeadSeen.class, name = "peer-head-seen"),
  @JsonSubTypes.Type(value = LedgerEvent.SiblingRead.class, name = "sibling-read"),
})
public sealed interface LedgerEvent {
  /** The money that the event moves; empty for an event that moves none. */
  default List<Posting> postings() {
    return List.of();
  }

  /** New terms are in force. */
  record TermsChanged(LedgerTerms terms) implements LedgerEvent {}

  /**
   * A newer version of the registry was read, or a licence began or ended with time: these banks
   * may be paid, with so many partitions each.
   */
  record RegistryNoted(long version, Map<BankId, Integer> usable) implements LedgerEvent {
    public RegistryNoted {
      usable = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(usable));
    }
  }

  /**
   * From the next block on, nothing that this key signs is a block of this chain.
   *
   * @param node the server's name
   * @param revocation the row of {@code bank_keys} by which the bank's certifying key revokes the
   *     certificate
   * @param certificate the row of {@code bank_keys} that certified the key
   */
  record ServerEvicted(String node, KeyId key, String revocation, String certificate)
      implements LedgerEvent {}

  /**
   * An author's message number was consumed.
   *
   * @param author {@code device:<id>} or {@code branch:<name>}
   */
  record MessageTaken(String author, long number) implements LedgerEvent {}

  /** An input was consumed without being understood or proved. */
  record InputSetAside(String reference, String reason) implements LedgerEvent {}

  /** A new customer with a first account. */
  record AccountOpened(
      String branch,
      String teller,
      long customerId,
      String customerName,
      Iban account,
      CurrencyCode currency)
      implements LedgerEvent {}

  record AccountClosed(String branch, String teller, Iban account) implements LedgerEvent {}

  /**
   * Cash was paid in ({@code credit}) or out.
   *
   * @param branchCash what the branch holds afterwards
   */
  record CashBooked(
      String branch,
      String teller,
      Iban account,
      Money amount,
      boolean credit,
      String reference,
      ReferenceMark mark,
      Money branchCash,
      List<Posting> postings)
      implements LedgerEvent {
    public CashBooked {
      postings = List.copyOf(postings);
    }
  }

  /** A branch's cash request was refused; its reference is used up with this answer. */
  record CashRefused(String branch, ReferenceMark mark, ReasonCode reason, String detail)
      implements LedgerEvent {}

  record ActivationCodeIssued(
      String branch, String teller, Iban account, Bytes secretHash, long expiresAtMillis)
      implements LedgerEvent {}

  /**
   * A wrong, used or expired activation code was tried; {@code messageId} keeps a replay from
   * counting twice.
   */
  record ActivationTried(Iban account, Bytes messageId) implements LedgerEvent {}

  /**
   * A device was linked to a customer.
   *
   * @param account the account whose activation code was used up, or the customer's first account
   * @param approvedBy the device that approved, or none when an activation code did
   * @param revision of the device
   */
  record DeviceLinked(
      String deviceId,
      long customerId,
      DeviceKeys keys,
      String deviceName,
      Iban account,
      @Nullable String approvedBy,
      long revision)
      implements LedgerEvent {}

  /** {@code by}: {@code device:<id>} or {@code branch:<name>/<teller>}. */
  record DeviceUnlinked(String deviceId, String by, long revision) implements LedgerEvent {}

  /** A payment inside this partition, complete. */
  record PaymentBooked(Payment payment, ReferenceMark mark, List<Posting> postings)
      implements LedgerEvent {
    public PaymentBooked {
      postings = List.copyOf(postings);
    }
  }

  /** An instruction was rejected; its reference is used up with this answer. */
  record PaymentRejected(PaymentReference payment, ReferenceMark mark, ReasonCode reason)
      implements LedgerEvent {}

  /** The payer was debited; the transfer is owed to the target until it answers. */
  record TransferSent(
      Peer target,
      Transfer transfer,
      Bytes digest,
      ReferenceMark mark,
      Owed.Reply reply,
      List<Posting> postings)
      implements LedgerEvent {
    public TransferSent {
      postings = List.copyOf(postings);
    }
  }

  /**
   * The target bank has credited it.
   *
   * @param resolution the authority's signed statement when that, and not a report, settled it
   */
  record TransferSettled(
      Peer target,
      long number,
      PaymentReference payment,
      @Nullable String resolution,
      List<Posting> postings)
      implements LedgerEvent {
    public TransferSettled {
      postings = List.copyOf(postings);
    }
  }

  /**
   * The transfer failed; the payer has the money again, or suspense when its account cannot take
   * it.
   *
   * @param resolution the authority's signed statement when that, and not a report, returned it
   */
  record TransferReturned(
      Peer target,
      long number,
      Payment payment,
      ReasonCode reason,
      @Nullable String resolution,
      List<Posting> postings)
      implements LedgerEvent {
    public TransferReturned {
      postings = List.copyOf(postings);
    }
  }

  /**
   * A transfer from another bank reached its payee; suspense, when it was awaited and the payee
   * cannot have it.
   */
  record TransferCredited(Peer source, Transfer transfer, Bytes digest, List<Posting> postings)
      implements LedgerEvent {
    public TransferCredited {
      postings = List.copyOf(postings);
    }
  }

  /** A transfer from another bank was rejected; a late copy gets the same answer. */
  record TransferRejected(Peer source, long number, Bytes digest, ReasonCode reason)
      implements LedgerEvent {}

  /**
   * The source no longer waits for numbers below {@code floor}; they are forgotten and dropped from
   * now on.
   */
  record FloorRaised(Peer source, long floor) implements LedgerEvent {}

  /** The authority returned a transfer that was never consumed here: a late copy is rejected. */
  record TransferBarred(Peer source, long number, Bytes digest, String statement)
      implements LedgerEvent {}

  /**
   * The authority counts a transfer as arrived that was never consumed here: it is accepted even
   * when late.
   */
  record TransferAwaited(Peer source, long number, Bytes digest, String statement)
      implements LedgerEvent {}

  /**
   * A counterparty, or the authority, contradicted what stands here. The first outcome stays; this
   * is evidence.
   *
   * @param kind see docs/reference/ledger.md
   * @param number of the transfer, or none
   * @param detail what was said, at most 4,096 characters
   */
  record ContradictionKept(Peer peer, String kind, @Nullable Long number, String detail)
      implements LedgerEvent {}

  /** The highest head that a counterparty has shown. */
  record PeerHeadSeen(Peer peer, long height, Bytes hash, String signedHead)
      implements LedgerEvent {}

  /**
   * Everything that blocks of another partition of this bank say to this one is consumed, up to
   * that height.
   */
  record SiblingRead(int partition, long height) implements LedgerEvent {}
}
