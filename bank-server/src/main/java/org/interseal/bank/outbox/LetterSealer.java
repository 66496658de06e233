package org.interseal.bank.outbox;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.interseal.bank.meters.BankMeters;
import org.interseal.bank.meters.CryptoOperation;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.MessageType;

/** Signs as this server and seals. Thread-safe. */
final class LetterSealer {
  /** As long as a letter may live: a device may look into its mailbox late. */
  static final Duration NOTICE_LIFE = Duration.ofDays(7);

  /** A transfer or a report that is not read by then is sealed again. */
  static final Duration INTERBANK_LIFE = Duration.ofDays(1);

  private final Party server;
  private final SigningKey key;
  private final InstantSource clock;
  private final SecureRandom random;
  private final BankMeters meters;

  LetterSealer(
      Party server, SigningKey key, InstantSource clock, SecureRandom random, BankMeters meters) {
    this.server = server;
    this.key = key;
    this.clock = clock;
    this.random = random;
    this.meters = meters;
  }

  /**
   * @param message one of {@link MessageType}
   */
  String seal(
      Party recipient,
      EncryptionKey recipientKey,
      int partition,
      Bytes messageId,
      Duration life,
      Object message) {
    return seal(
        recipient,
        recipientKey,
        partition,
        messageId,
        life,
        MessageType.nameOf(message),
        ProtocolJson.encode(message));
  }

  String seal(
      Party recipient,
      EncryptionKey recipientKey,
      int partition,
      Bytes messageId,
      Duration life,
      String type,
      Bytes body) {
    meters.crypto(CryptoOperation.SEAL, 1);
    Instant now = Instant.ofEpochMilli(clock.millis());
    Letter letter = new Letter(server, recipient, type, messageId, 0, now, now.plus(life), body);
    return Envelope.seal(letter, key, recipientKey, partition, random);
  }

  String sign(String type, Object statement) {
    meters.crypto(CryptoOperation.SIGN, 1);
    return SignedStatement.sign(type, ProtocolJson.encode(statement), key);
  }

  Bytes randomMessageId() {
    byte[] id = new byte[16];
    random.nextBytes(id);
    return Bytes.of(id);
  }
}
