package org.interseal.branch;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.MessageType;

/** Signs a branch's letters and seals them to its bank. */
final class LetterSealer {
  /** How long a branch's letter lives: the branch may be offline for that long. */
  static final Duration LIFE = Duration.ofDays(7);

  private final Party author;
  private final BankId bank;
  private final SigningKey signingKey;
  private final Supplier<Optional<EncryptionKey>> bankKey;
  private final IntSupplier partitions;
  private final SecureRandom random;

  /**
   * @param author the branch
   * @param bankKey the bank's current registered encryption key
   * @param partitions how many ledger partitions the bank has, once it has a key
   */
  LetterSealer(
      Party author,
      BankId bank,
      SigningKey signingKey,
      Supplier<Optional<EncryptionKey>> bankKey,
      IntSupplier partitions,
      SecureRandom random) {
    this.author = author;
    this.bank = bank;
    this.signingKey = signingKey;
    this.bankKey = bankKey;
    this.partitions = partitions;
    this.random = random;
  }

  /** Empty when the bank has no key that may be sealed to. */
  Optional<JournalRecord.Sent> seal(
      DeskRequest request, BranchMessage message, long number, Instant now) {
    return bankKey
        .get()
        .map(key -> {
          Letter letter =
              new Letter(
                  author,
                  Party.bank(bank),
                  MessageType.nameOf(message),
                  request.messageId,
                  number,
                  now,
                  now.plus(LIFE),
                  ProtocolJson.encode(message));
          return new JournalRecord.Sent(
              request.messageId,
              number,
              letter.type(),
              Envelope.seal(letter, signingKey, key, partition(message, request.messageId), random),
              letter.createdAt().toEpochMilli(),
              letter.expiresAt().toEpochMilli(),
              request.teller,
              request.idempotencyKey,
              request.contentDigest,
              request.activationCode);
        });
  }

  /**
   * The ledger partition that the message concerns. New customers are spread: by the number they
   * wish for, so that the account can be foretold, or else by the request's random id.
   */
  private int partition(BranchMessage message, Bytes messageId) {
    return switch (message) {
      case BranchMessage.OpenAccount m -> {
        Long wished = m.requestedNumber();
        yield Iban.partitionOfWishedNumber(
            partitions.getAsInt(), wished == null ? firstFour(messageId) : wished);
      }
      case BranchMessage.CloseAccount m -> m.account().partition();
      case BranchMessage.PayCashIn m -> m.account().partition();
      case BranchMessage.PayCashOut m -> m.account().partition();
      case BranchMessage.IssueActivationCode m -> m.account().partition();
      case BranchMessage.UnlinkDeviceOfCustomer m -> m.account().partition();
      case BranchMessage.ListDevices m -> m.account().partition();
    };
  }

  private static int firstFour(Bytes messageId) {
    return ByteBuffer.wrap(messageId.toArray()).getInt();
  }
}
