package org.interseal.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.MessageType;

/**
 * Numbers, signs and seals a device's letters; number and envelope become durable in one step,
 * before use.
 */
final class DeviceSealer {
  /**
   * Life of a letter that asks for something to be done: the most that a bank accepts of a device.
   */
  static final Duration ORDER_LIFE = Duration.ofHours(24);

  /** Life of a question; nobody needs the answer later. */
  static final Duration QUESTION_LIFE = Duration.ofMinutes(10);

  private final BankId bank;
  private final DeviceMemory memory;
  private final SecureRandom random;

  DeviceSealer(BankId bank, DeviceMemory memory, SecureRandom random) {
    this.bank = bank;
    this.memory = memory;
    this.random = random;
  }

  /**
   * @return the letter, which is kept until it is answered or expires
   * @throws java.io.UncheckedIOException when it could not be kept; nothing was used then
   * @throws IllegalArgumentException when too many letters wait for an answer
   */
  PendingLetter seal(DeviceMessage message, int partition, EncryptionKey key, Instant now) {
    AtomicReference<PendingLetter> sealed = new AtomicReference<>();
    var _ =
        memory.change(profile -> {
          DeviceProfile current = profile.withoutExpired(now.toEpochMilli());
          PendingLetter letter = seal(message, partition, key, now, current.nextNumber());
          sealed.set(letter);
          return current.withSealed(letter);
        });
    return sealed.get();
  }

  private PendingLetter seal(
      DeviceMessage message, int partition, EncryptionKey key, Instant now, long number) {
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    Letter letter =
        new Letter(
            Party.device(bank, memory.keys().deviceId()),
            Party.bank(bank),
            MessageType.nameOf(message),
            Bytes.of(id),
            number,
            now,
            now.plus(life(message)),
            ProtocolJson.encode(message));
    return new PendingLetter(
        letter.messageId(),
        letter.type(),
        Envelope.seal(letter, memory.keys().signing(), key, partition, random),
        letter.expiresAt().toEpochMilli());
  }

  private static Duration life(DeviceMessage message) {
    return switch (message) {
      case DeviceMessage.QueryBalance _,
          DeviceMessage.QueryStatement _,
          DeviceMessage.QueryPayment _ ->
          QUESTION_LIFE;
      case DeviceMessage.ActivateDevice _,
          DeviceMessage.ApproveDevice _,
          DeviceMessage.UnlinkDevice _,
          DeviceMessage.InstructPayment _ ->
          ORDER_LIFE;
    };
  }
}
