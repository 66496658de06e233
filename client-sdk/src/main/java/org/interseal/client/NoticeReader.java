package org.interseal.client;

import java.time.InstantSource;
import java.util.Optional;
import org.interseal.crypto.AuthorKeys;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Letter;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.registry.BankDirectory;

/**
 * Opens what the bank sealed to a device, and believes nobody but the servers of the device's own
 * bank.
 */
final class NoticeReader {
  private final Party device;
  private final BankId bank;
  private final DecryptionKey key;
  private final KeyId keyId;
  private final InstantSource clock;

  /** What an envelope turned out to be. */
  sealed interface Reading {
    record Read(Bytes messageId, long expiresAtMillis, DeviceNotice notice) implements Reading {}

    /** {@code unknownAuthor}: with newer records of the bank it may be believed. */
    record Refused(String reason, boolean unknownAuthor) implements Reading {}
  }

  NoticeReader(BankId bank, DeviceKeyRing keys, InstantSource clock) {
    this.device = Party.device(bank, keys.deviceId());
    this.bank = bank;
    this.key = keys.encryption();
    this.keyId = key.encryptionKey().id();
    this.clock = clock;
  }

  /**
   * Never throws on bad content. Expiry is left to the caller: an authentic answer that was fetched
   * late is still true, but no news.
   */
  Reading read(String envelope, BankDirectory directory) {
    AuthorKeys certified = directory.authorKeys(clock::instant);
    AuthorKeys servers =
        (author, signingKey) ->
            author.role() == PartyRole.SERVER && bank.equals(author.bank())
                ? certified.find(author, signingKey)
                : Optional.empty();
    try {
      Letter letter =
          Envelope.open(
                  envelope,
                  id -> id.equals(keyId) ? Optional.of(key) : Optional.empty(),
                  servers,
                  device::equals,
                  Optional.empty())
              .letter();
      Class<?> type =
          MessageType.named(letter.type()).<Class<?>>map(MessageType::body).orElse(Void.class);
      if (!DeviceNotice.class.isAssignableFrom(type)) {
        return new Reading.Refused("UNEXPECTED_TYPE", false);
      }
      return new Reading.Read(
          letter.messageId(),
          letter.expiresAt().toEpochMilli(),
          (DeviceNotice) ProtocolJson.decode(letter.body(), type));
    } catch (CryptoFailure e) {
      return new Reading.Refused(
          e.reason().name(), e.reason() == CryptoFailure.Reason.UNKNOWN_AUTHOR);
    } catch (MalformedMessage e) {
      return new Reading.Refused("MALFORMED_NOTICE", false);
    }
  }
}
