package org.interseal.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.TestAuthority;
import org.jspecify.annotations.Nullable;

/** A bank behind fake gateways: opens letters with its real key, and keeps mailboxes. */
final class FakeBank {
  static final BankId BANK = new BankId("BKABXX00");
  static final Iban ACCOUNT = Iban.of(BANK, 0, 7);
  static final Bytes SECRET = Bytes.hex("00112233445566778899");

  final TestAuthority authority = new TestAuthority();
  final TestAuthority.TestBank bank = authority.bank(BANK.value());
  final TestAuthority.TestBank other = authority.bank("BKCDXX00");
  final TestAuthority.TestNode server = bank.server("one");
  final SecureRandom random = new SecureRandom();
  final InstantSource clock;
  private final Map<String, DeviceKeys> devices = new ConcurrentHashMap<>();
  private final Map<String, List<RestApi.Item>> mailboxes = new ConcurrentHashMap<>();
  private final List<Letter> letters = new ArrayList<>();
  private final List<Integer> partitions = new ArrayList<>();
  private Manner manner = this::obliging;

  /** What to answer to a letter: nothing, one notice or several. */
  @FunctionalInterface
  interface Manner {
    List<DeviceNotice> answers(Letter letter, DeviceMessage message);
  }

  FakeBank(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void behave(Manner changed) {
    manner = changed;
  }

  /** The ledger partition that each envelope named, in order of arrival. */
  synchronized List<Integer> partitions() {
    return List.copyOf(partitions);
  }

  synchronized List<Letter> letters() {
    return List.copyOf(letters);
  }

  /** A device that was linked earlier. */
  void link(DeviceKeys keys) {
    devices.put(keys.deviceId(), keys);
  }

  RestApi.OwnBankDocument document() {
    return new RestApi.OwnBankDocument(
        BANK,
        BANK.institution(),
        "Bank",
        "ACTIVE",
        1,
        authority.root().der(),
        List.of(bank.licence(1, LicenceStatus.ACTIVE).body(), server.row().body()));
  }

  /** The directory of banks, one on a page; one is made up. */
  RestApi.BankPage page(@Nullable String after) {
    TestAuthority.TestBank forged = new TestAuthority().bank("BKXXXX00");
    List<TestAuthority.TestBank> all = List.of(bank, other, forged);
    int at = after == null ? 0 : all.stream().map(b -> b.id().value()).toList().indexOf(after) + 1;
    TestAuthority.TestBank shown = all.get(at);
    String bic = shown.id().value();
    return new RestApi.BankPage(
        List.of(
            new RestApi.BankDocument(
                shown.id(),
                shown.id().institution(),
                "Bank",
                "ACTIVE",
                List.of(shown.licence(1, LicenceStatus.ACTIVE).body()))),
        at + 1 < all.size() ? bic : null);
  }

  /** Takes an envelope as a gateway hands it on; a repetition of a letter is not answered again. */
  synchronized void receive(String deviceId, String envelope) {
    Letter letter = open(envelope);
    if (letters.stream().anyMatch(known -> known.messageId().equals(letter.messageId()))) {
      return;
    }
    letters.add(letter);
    partitions.add(partition(envelope));
    DeviceMessage message = message(letter);
    if (message instanceof DeviceMessage.ActivateDevice activate
        && activate.secret().equals(SECRET)) {
      devices.put(deviceId, activate.keys());
    }
    for (DeviceNotice notice : manner.answers(letter, message)) {
      deliver(deviceId, notice, SubmissionId.of(BANK, envelope));
    }
  }

  List<DeviceNotice> obliging(Letter letter, DeviceMessage message) {
    Bytes id = letter.messageId();
    return switch (message) {
      case DeviceMessage.ActivateDevice m ->
          List.of(
              new DeviceNotice.DeviceLinked(id, m.keys().deviceId(), m.deviceName(), m.account()));
      case DeviceMessage.ApproveDevice m ->
          List.of(new DeviceNotice.DeviceLinked(id, m.keys().deviceId(), m.deviceName(), ACCOUNT));
      case DeviceMessage.UnlinkDevice m ->
          List.of(new DeviceNotice.DeviceUnlinked(id, m.deviceId()));
      case DeviceMessage.InstructPayment _,
          DeviceMessage.QueryBalance _,
          DeviceMessage.QueryStatement _,
          DeviceMessage.QueryPayment _ ->
          throw new IllegalStateException("the test says what to answer to " + message.getClass());
    };
  }

  void deliver(String deviceId, DeviceNotice notice, @Nullable String inReplyTo) {
    deliver(deviceId, notice, inReplyTo, server.party(), server.key());
  }

  void deliver(
      String deviceId,
      DeviceNotice notice,
      @Nullable String inReplyTo,
      Party author,
      SigningKey key) {
    DeviceKeys keys = devices.get(deviceId);
    if (keys == null) {
      throw new IllegalStateException("no such device");
    }
    try {
      put(
          deviceId,
          inReplyTo,
          sealed(
              notice,
              author,
              key,
              Party.device(BANK, deviceId),
              EncryptionKey.fromSpki(keys.encryption())));
    } catch (InvalidKeyMaterial e) {
      throw new IllegalStateException(e);
    }
  }

  String sealed(DeviceNotice notice, Party author, SigningKey key, Party to, EncryptionKey toKey) {
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    Letter letter =
        new Letter(
            author,
            to,
            MessageType.nameOf(notice),
            Bytes.of(id),
            0,
            clock.instant(),
            clock.instant().plus(Duration.ofDays(1)),
            ProtocolJson.encode(notice));
    return Envelope.seal(letter, key, toKey, 0, random);
  }

  synchronized void put(String deviceId, @Nullable String inReplyTo, String envelope) {
    List<RestApi.Item> box = mailboxes.computeIfAbsent(deviceId, _ -> new ArrayList<>());
    String place = Integer.toString(box.size() + 1);
    box.add(new RestApi.Item("i" + place, place, inReplyTo, envelope));
    notifyAll();
  }

  /** Puts the last item into the mailbox once more. */
  synchronized void repeatLast(String deviceId) {
    RestApi.Item last = mailboxes.getOrDefault(deviceId, List.of()).getLast();
    put(deviceId, last.inReplyTo(), last.envelope());
  }

  synchronized List<RestApi.Item> mailbox(String deviceId, @Nullable String after, int limit) {
    List<RestApi.Item> box = mailboxes.getOrDefault(deviceId, List.of());
    int from = after == null ? 0 : Integer.parseInt(after);
    return List.copyOf(box.subList(Math.min(from, box.size()), Math.min(box.size(), from + limit)));
  }

  /** The first item behind a place, as soon as it is there. */
  synchronized List<RestApi.Item> awaitItem(
      String deviceId, @Nullable String after, long waitMillis) throws InterruptedException {
    long end = System.nanoTime() + waitMillis * 1_000_000;
    while (mailbox(deviceId, after, 1).isEmpty() && System.nanoTime() < end) {
      wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
    }
    return mailbox(deviceId, after, 1);
  }

  /** The answer to a submission, as soon as it is there. */
  synchronized Optional<RestApi.Item> await(String deviceId, String submission, long waitMillis)
      throws InterruptedException {
    long end = System.nanoTime() + waitMillis * 1_000_000;
    while (true) {
      Optional<RestApi.Item> answer =
          mailbox(deviceId, null, Integer.MAX_VALUE).stream()
              .filter(item -> submission.equals(item.inReplyTo()))
              .findFirst();
      long leftMillis = (end - System.nanoTime()) / 1_000_000;
      if (answer.isPresent() || leftMillis <= 0) {
        return answer;
      }
      wait(leftMillis);
    }
  }

  private static int partition(String envelope) {
    try {
      return Envelope.header(envelope).partition();
    } catch (CryptoFailure e) {
      throw new IllegalStateException(e);
    }
  }

  private Letter open(String envelope) {
    try {
      return Envelope.open(
              envelope,
              id -> Optional.of(bank.decryption()),
              new org.interseal.crypto.AuthorKeys() {
                @Override
                public Optional<VerificationKey> find(
                    Party author, org.interseal.crypto.KeyId key) {
                  return Optional.ofNullable(devices.get(author.name())).map(FakeBank::signing);
                }

                @Override
                public Optional<VerificationKey> find(
                    Letter unverified, org.interseal.crypto.KeyId key) {
                  return find(unverified.author(), key)
                      .or(() ->
                          message(unverified) instanceof DeviceMessage.ActivateDevice activate
                                  && activate.keys().deviceId().equals(unverified.author().name())
                              ? Optional.of(signing(activate.keys()))
                              : Optional.empty());
                }
              },
              Party.bank(BANK)::equals,
              Optional.of(clock.instant()))
          .letter();
    } catch (CryptoFailure e) {
      throw new IllegalStateException(e);
    }
  }

  private static VerificationKey signing(DeviceKeys keys) {
    try {
      return VerificationKey.fromSpki(keys.signing());
    } catch (InvalidKeyMaterial e) {
      throw new IllegalStateException(e);
    }
  }

  static DeviceMessage message(Letter letter) {
    try {
      Class<?> type = MessageType.named(letter.type()).orElseThrow().body();
      return (DeviceMessage) ProtocolJson.decode(letter.body(), type);
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }
}
