package org.interseal.branch;

import java.time.Instant;
import java.util.Optional;
import org.interseal.crypto.AuthorKeys;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Letter;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.protocol.message.MessageType;

/**
 * Opens what is in the branch's mailbox and believes only answers of its own bank's servers to
 * letters that it sent.
 */
final class AnswerReader {
  private final Party branch;
  private final BankId bank;
  private final DecryptionKey key;
  private final KeyId keyId;
  private final AuthorKeys servers;
  private final RequestBook book;

  /** What a mailbox row turned out to be. */
  sealed interface Reading {
    /** An answer that the book waits for. */
    record Answer(JournalRecord.Answered record) implements Reading {}

    /** Authentic, but nothing waits for it: a repetition, or older than the book. */
    record NotAwaited() implements Reading {}

    /** Not believed. The reason is for counters alone. */
    record Refused(String reason) implements Reading {}
  }

  /**
   * @param registered the keys of certified parties, as the bank's published records prove them
   */
  AnswerReader(
      Party branch, BankId bank, DecryptionKey key, AuthorKeys registered, RequestBook book) {
    this.branch = branch;
    this.bank = bank;
    this.key = key;
    this.keyId = key.encryptionKey().id();
    this.servers =
        (author, signingKey) -> isServer(author) ? registered.find(author, signingKey) : none();
    this.book = book;
  }

  private boolean isServer(Party author) {
    return author.role() == PartyRole.SERVER && bank.equals(author.bank());
  }

  private static Optional<VerificationKey> none() {
    return Optional.empty();
  }

  /**
   * Never throws on bad content. Expiry is not checked: an authentic answer that comes late is
   * still the answer.
   */
  Reading read(String row, Instant now) {
    try {
      MailboxItem item = ProtocolJson.decode(row, MailboxItem.class);
      Letter letter =
          Envelope.open(
                  item.envelope(),
                  id -> id.equals(keyId) ? Optional.of(key) : Optional.empty(),
                  servers,
                  branch::equals,
                  Optional.empty())
              .letter();
      return read(letter, now);
    } catch (CryptoFailure e) {
      return new Reading.Refused(e.reason().name());
    } catch (MalformedMessage e) {
      return new Reading.Refused("MALFORMED_ITEM");
    }
  }

  private Reading read(Letter letter, Instant now) throws MalformedMessage {
    Class<?> type =
        MessageType.named(letter.type()).<Class<?>>map(MessageType::body).orElse(Void.class);
    if (!BranchNotice.class.isAssignableFrom(type)) {
      return new Reading.Refused("UNEXPECTED_TYPE");
    }
    BranchNotice notice = (BranchNotice) ProtocolJson.decode(letter.body(), type);
    Optional<Class<? extends BranchNotice>> awaited = book.awaited(notice.inReplyTo());
    if (awaited.isEmpty()) {
      return new Reading.NotAwaited();
    }
    if (!(notice instanceof BranchNotice.Refused) && !awaited.get().isInstance(notice)) {
      return new Reading.Refused("UNEXPECTED_TYPE");
    }
    return new Reading.Answer(
        new JournalRecord.Answered(
            notice.inReplyTo(), letter.type(), letter.body(), now.toEpochMilli()));
  }
}
