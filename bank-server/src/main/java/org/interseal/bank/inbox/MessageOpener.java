package org.interseal.bank.inbox;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.meters.BankMeters;
import org.interseal.bank.meters.CryptoOperation;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Letter;
import org.interseal.crypto.OpenedLetter;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.InterbankMessage.ReportBatch;
import org.interseal.protocol.message.InterbankMessage.TransferBatch;
import org.interseal.protocol.message.MessageType;

/**
 * Opens an envelope, verifies its author and makes ledger inputs of it. Thread-safe; pure
 * computation but for the lookups.
 *
 * <p>A device's or a branch's letter is not checked for expiry here: the ledger decides it by its
 * own time, in a block, with an answer. A letter of another bank is dropped when it has expired:
 * its content is sealed again until it is answered, so nothing is lost.
 */
public final class MessageOpener {
  private final BankId bank;
  private final int partition;
  private final Function<KeyId, Optional<DecryptionKey>> keys;
  private final Predicate<KeyId> publishedAsOurs;
  private final Authors authors;
  private final InstantSource clock;
  private final BankMeters meters;

  /**
   * @param keys those that this server has
   * @param publishedAsOurs whether the registry says that this is, or was, the bank's encryption
   *     key
   */
  public MessageOpener(
      BankId bank,
      int partition,
      Function<KeyId, Optional<DecryptionKey>> keys,
      Predicate<KeyId> publishedAsOurs,
      Authors authors,
      InstantSource clock,
      BankMeters meters) {
    this.bank = bank;
    this.partition = partition;
    this.keys = keys;
    this.publishedAsOurs = publishedAsOurs;
    this.authors = authors;
    this.clock = clock;
    this.meters = meters;
  }

  /**
   * Opens one envelope.
   *
   * @param submissionId names the envelope in references
   */
  public Opening open(String envelope, String submissionId) {
    meters.crypto(CryptoOperation.OPEN, 1);
    OpenedLetter opened;
    try {
      opened = Envelope.open(envelope, keys, authors, Party.bank(bank)::equals, Optional.empty());
    } catch (CryptoFailure e) {
      String reason = e.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
      return new Opening.Refused(reason, hope(e.reason(), envelope));
    }
    if (opened.partition() != partition) {
      return refused("wrong-partition");
    }
    return decode(opened, submissionId);
  }

  private Opening decode(OpenedLetter opened, String submissionId) {
    Letter letter = opened.letter();
    Optional<MessageType<?>> type = MessageType.named(letter.type());
    if (type.isEmpty()) {
      return refused("unknown-type");
    }
    Object message;
    try {
      message = ProtocolJson.decode(letter.body(), type.get().body());
    } catch (MalformedMessage e) {
      return refused("malformed-body");
    }
    return switch (message) {
      case DeviceMessage device -> fromDevice(opened, submissionId, device);
      case BranchMessage branch -> fromBranch(letter, submissionId, branch);
      case TransferBatch transfers -> transfers(letter, submissionId, transfers);
      case ReportBatch reports -> reports(letter, submissionId, reports);
      default -> refused("wrong-direction");
    };
  }

  private static Opening refused(String reason) {
    return new Opening.Refused(reason, Opening.Hope.NONE);
  }

  private Opening.Hope hope(CryptoFailure.Reason reason, String envelope) {
    return switch (reason) {
      case UNKNOWN_AUTHOR -> Opening.Hope.NEW_AUTHOR;
      case UNKNOWN_RECIPIENT_KEY ->
          isToOurKey(envelope) ? Opening.Hope.OUR_KEY : Opening.Hope.NEW_KEY;
      default -> Opening.Hope.NONE;
    };
  }

  private boolean isToOurKey(String envelope) {
    try {
      return publishedAsOurs.test(Envelope.header(envelope).recipientKey());
    } catch (CryptoFailure e) {
      return false;
    }
  }

  private boolean isOurs(Letter letter, PartyRole role) {
    return letter.author().role() == role && bank.equals(letter.author().bank());
  }

  private Opening fromDevice(OpenedLetter opened, String submissionId, DeviceMessage message) {
    Letter letter = opened.letter();
    if (!isOurs(letter, PartyRole.DEVICE)) {
      return refused("wrong-role");
    }
    if (letter.number() < 1) {
      return refused("unnumbered");
    }
    return new Opening.Proved(
        List.of(
            new LedgerInput.FromDevice(
                submissionId + "/0",
                letter.author().name(),
                opened.signingKey(),
                letter.messageId(),
                letter.number(),
                letter.createdAt().toEpochMilli(),
                letter.expiresAt().toEpochMilli(),
                message)));
  }

  private Opening fromBranch(Letter letter, String submissionId, BranchMessage message) {
    if (!isOurs(letter, PartyRole.BRANCH)) {
      return refused("wrong-role");
    }
    if (letter.number() < 1) {
      return refused("unnumbered");
    }
    return new Opening.Proved(
        List.of(
            new LedgerInput.FromBranch(
                submissionId + "/0",
                letter.author().name(),
                letter.messageId(),
                letter.number(),
                letter.createdAt().toEpochMilli(),
                letter.expiresAt().toEpochMilli(),
                message)));
  }

  /** The other bank whose server wrote this, or none. */
  private Optional<BankId> otherBank(Letter letter) {
    Party author = letter.author();
    return author.role() == PartyRole.SERVER && !bank.equals(author.bank())
        ? Optional.ofNullable(author.bank())
        : Optional.empty();
  }

  private boolean hasExpired(Letter letter) {
    return clock.instant().isAfter(letter.expiresAt().plus(Envelope.CLOCK_TOLERANCE));
  }

  private Opening transfers(Letter letter, String submissionId, TransferBatch batch) {
    Optional<BankId> source = otherBank(letter);
    if (source.isEmpty()) {
      return refused("wrong-role");
    }
    if (batch.targetPartition() != partition) {
      return refused("wrong-partition");
    }
    if (hasExpired(letter)) {
      return refused("expired");
    }
    boolean usable = authors.isUsable(source.get());
    List<LedgerInput> inputs = new ArrayList<>(batch.transfers().size());
    for (InterbankMessage.Transfer transfer : batch.transfers()) {
      inputs.add(
          new LedgerInput.TransferReceived(
              submissionId + "/" + inputs.size(),
              source.get(),
              batch.sourcePartition(),
              letter.author().name(),
              usable,
              batch.lowestUnanswered(),
              transfer));
    }
    return new Opening.Proved(inputs);
  }

  private Opening reports(Letter letter, String submissionId, ReportBatch batch) {
    Optional<BankId> from = otherBank(letter);
    if (from.isEmpty()) {
      return refused("wrong-role");
    }
    if (batch.sourcePartition() != partition) {
      return refused("wrong-partition");
    }
    if (hasExpired(letter)) {
      return refused("expired");
    }
    Optional<ChainHead> head = head(letter, batch, from.get());
    if (head.isEmpty()) {
      return refused("bad-chain-head");
    }
    List<LedgerInput> inputs = new ArrayList<>(batch.reports().size());
    for (InterbankMessage.Report report : batch.reports()) {
      inputs.add(
          new LedgerInput.ReportReceived(
              submissionId + "/" + inputs.size(),
              from.get(),
              batch.targetPartition(),
              letter.author().name(),
              report,
              head.get(),
              batch.head()));
    }
    return new Opening.Proved(inputs);
  }

  /** The signed head, when the letter's own author signed it and it is of that author's chain. */
  private Optional<ChainHead> head(Letter letter, ReportBatch batch, BankId from) {
    meters.crypto(CryptoOperation.VERIFY, 1);
    try {
      KeyId claimed = SignedStatement.claimedKey(batch.head());
      Optional<VerificationKey> key = authors.find(letter.author(), claimed);
      if (key.isEmpty()) {
        return Optional.empty();
      }
      ChainHead head =
          ProtocolJson.decode(
              SignedStatement.verify(batch.head(), ChainHead.STATEMENT_TYPE, key.get()),
              ChainHead.class);
      return head.bank().equals(from) && head.partition() == batch.targetPartition()
          ? Optional.of(head)
          : Optional.empty();
    } catch (CryptoFailure | MalformedMessage e) {
      return Optional.empty();
    }
  }
}
