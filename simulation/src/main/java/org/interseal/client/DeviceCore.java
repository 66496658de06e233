package org.interseal.client;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.registry.BankDirectory;

/**
 * A device below HTTP, for the simulation: what numbers and seals its letters and reads notices.
 */
public final class DeviceCore {
  private final DeviceMemory memory;
  private final InstantSource clock;
  private final DeviceSealer sealer;
  private final NoticeReader reader;

  /** What an item of the mailbox is. */
  public sealed interface Reading {
    /** A notice that was proved; {@code first} when this device never told of it before. */
    record Notice(Bytes messageId, DeviceNotice notice, boolean first) implements Reading {}

    /** {@code unknownAuthor} when nobody who speaks for the bank now signed it. */
    record Unbelieved(boolean unknownAuthor) implements Reading {}
  }

  public DeviceCore(BankId bank, DeviceMemory memory, InstantSource clock, SecureRandom random) {
    this.memory = memory;
    this.clock = clock;
    this.sealer = new DeviceSealer(bank, memory, random);
    this.reader = new NoticeReader(bank, memory.keys(), clock);
  }

  /** A device's memory before its first letter. */
  public static DeviceMemory memory(DeviceKeyRing keys) {
    return new VolatileDeviceMemory(keys, DeviceProfile.fresh());
  }

  /** The same device's, for another run. */
  public static DeviceMemory copy(DeviceMemory memory) {
    return new VolatileDeviceMemory(memory.keys(), memory.profile());
  }

  /** The next letter; it is kept until it is answered. */
  public PendingLetter seal(DeviceMessage message, int partition, EncryptionKey key) {
    return sealer.seal(message, partition, key, clock.instant());
  }

  /** Letters that wait for an answer. */
  public List<PendingLetter> pending() {
    return memory.profile().pending();
  }

  /** Nobody waits for the answer to that letter any more. */
  public void answered(Bytes messageId) {
    var _ = memory.change(profile -> profile.withoutPending(messageId));
  }

  /** Opens one item of the mailbox. */
  public Reading read(String envelope, BankDirectory directory) {
    return switch (reader.read(envelope, directory)) {
      case NoticeReader.Reading.Refused(String _, boolean unknownAuthor) ->
          new Reading.Unbelieved(unknownAuthor);
      case NoticeReader.Reading.Read(Bytes messageId, long expiresAtMillis, DeviceNotice notice) ->
          new Reading.Notice(messageId, notice, isFirst(messageId, expiresAtMillis));
    };
  }

  private boolean isFirst(Bytes messageId, long expiresAtMillis) {
    long now = clock.millis();
    SeenNotices.News news = memory.profile().seen().judge(messageId, expiresAtMillis, now);
    if (news == SeenNotices.News.NEW) {
      memory.note(profile -> profile.withSeen(messageId, expiresAtMillis, now));
    }
    return news == SeenNotices.News.NEW;
  }
}
