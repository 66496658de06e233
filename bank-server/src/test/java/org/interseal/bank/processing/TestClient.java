package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.OpenedLetter;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** A device or a branch, talking to its bank through the store alone. */
class TestClient {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final InstantSource CLOCK = InstantSource.system();

  final TestNode bank;
  final Party party;
  final String mailbox;
  final SigningKey signing;
  final DecryptionKey encryption;
  private final AtomicLong number = new AtomicLong();
  private final Set<String> seenRows = new HashSet<>();
  private final List<Object> received = new ArrayList<>();

  /** Of how many rows each message came in. */
  private final Map<Bytes, Integer> messageIds = new HashMap<>();

  TestClient(
      TestNode bank, Party party, String mailbox, SigningKey signing, DecryptionKey encryption) {
    this.bank = bank;
    this.party = party;
    this.mailbox = mailbox;
    this.signing = signing;
    this.encryption = encryption;
  }

  static SigningKey newSigningKey() {
    return SigningKey.generate(SignatureAlgorithm.ED25519, TestFederation.RANDOM);
  }

  Bytes newMessageId() {
    byte[] id = new byte[16];
    TestFederation.RANDOM.nextBytes(id);
    return Bytes.of(id);
  }

  String seal(Object message) {
    return seal(message, number.incrementAndGet());
  }

  String seal(Object message, long messageNumber) {
    Instant now = Instant.ofEpochMilli(CLOCK.millis());
    Letter letter =
        new Letter(
            party,
            Party.bank(bank.id),
            MessageType.nameOf(message),
            newMessageId(),
            messageNumber,
            now,
            now.plus(Duration.ofHours(1)),
            ProtocolJson.encode(message));
    return Envelope.seal(
        letter, signing, bank.encryption.encryptionKey(), bank.partition, TestFederation.RANDOM);
  }

  /** Durable when it returns. */
  String send(Object message) {
    return submit(seal(message));
  }

  String submit(String envelope) {
    TestFederation.insert(
        bank.federation.shared,
        TableName.TRANSACTIONS,
        new NewRow(bank.id.value(), SubmissionId.rowId(bank.id, envelope, 0), envelope));
    return SubmissionId.of(bank.id, envelope);
  }

  /** Durable when it returns. */
  void submitAll(List<String> envelopes) {
    TestFederation.insertAll(
        bank.federation.shared,
        TableName.TRANSACTIONS,
        envelopes.stream()
            .map(envelope ->
                new NewRow(bank.id.value(), SubmissionId.rowId(bank.id, envelope, 0), envelope))
            .toList());
  }

  /** Everything received so far. */
  synchronized List<Object> received() {
    try {
      List<Row> rows = bank.own.append(TableName.MAILBOX).readAfter(mailbox, Position.START, 1_000);
      Position last = Position.START;
      while (!rows.isEmpty()) {
        for (Row row : rows) {
          if (seenRows.add(row.id())) {
            open(row);
          }
          last = row.position();
        }
        rows = bank.own.append(TableName.MAILBOX).readAfter(mailbox, last, 1_000);
      }
    } catch (StoreUnavailable e) {
      // The next look will do.
    }
    return List.copyOf(received);
  }

  /** No message was written twice; where readers may pass rows, old ones may be, a few times. */
  void requireFewRows() {
    int most = bank.own.overlapMillis() == 0 ? 1 : 4;
    assertThat(messageIds.values()).allMatch(rows -> rows <= most);
  }

  private void open(Row row) {
    try {
      MailboxItem item = ProtocolJson.decode(row.body(), MailboxItem.class);
      OpenedLetter opened =
          Envelope.open(
              item.envelope(),
              id -> Optional.of(encryption),
              bank::inForce,
              party::equals,
              Optional.of(CLOCK.instant()));
      if (messageIds.merge(opened.letter().messageId(), 1, Integer::sum) > 1) {
        return;
      }
      received.add(
          ProtocolJson.decode(
              opened.letter().body(),
              MessageType.named(opened.letter().type()).orElseThrow().body()));
    } catch (CryptoFailure e) {
      // A revoked server is not believed; anything else unreadable is a bug.
      if (e.reason() != CryptoFailure.Reason.UNKNOWN_AUTHOR || !bank.hasEvicted()) {
        throw new IllegalStateException("an unreadable notice", e);
      }
    } catch (MalformedMessage e) {
      throw new IllegalStateException("an unreadable notice", e);
    }
  }

  <T> T await(Class<T> type, Predicate<T> condition) {
    Instant deadline = CLOCK.instant().plus(WAIT);
    while (CLOCK.instant().isBefore(deadline)) {
      for (Object message : received()) {
        if (type.isInstance(message) && condition.test(type.cast(message))) {
          return type.cast(message);
        }
      }
      LockSupport.parkNanos(5_000_000);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in time; received " + received());
  }

  /** Waits for something that is about to be true. */
  static void until(String what, java.util.function.BooleanSupplier condition) {
    Instant deadline = CLOCK.instant().plus(WAIT);
    while (!condition.getAsBoolean()) {
      if (CLOCK.instant().isAfter(deadline)) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
