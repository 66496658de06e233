package org.interseal.bank.inbox;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.MessageType;
import org.interseal.protocol.tag.TaggedEnvelope;
import org.interseal.store.DurableInsert;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;

/** An inbox in virtual time, and letters to it. */
abstract class InboxFixture {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Instant NOW = Instant.parse("2026-11-02T12:00:00Z");
  static final BankId US = new BankId("AAAAXX00");
  static final Iban ACCOUNT = Iban.of(US, 0, 7);
  static final InboxLimits LIMITS =
      new InboxLimits(256, 64, 4_096, 100, 100, 16, 200, 5_000, 86_400_000L);

  final VirtualTime time = new VirtualTime(NOW);
  final DecryptionKey bankKey = DecryptionKey.generate(RANDOM);
  final Map<KeyId, DecryptionKey> keys = new HashMap<>();
  final Set<KeyId> published = new HashSet<>();
  final Map<String, SigningKey> linked = new HashMap<>();
  Party taggedBy = Party.gateway(US, "g1");
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Inbox inbox = newInbox();
  int rows;

  final class Devices implements DeviceDirectory {
    @Override
    public Optional<Bytes> signingKey(String deviceId) {
      return Optional.ofNullable(linked.get(deviceId)).map(key -> key.verificationKey().spki());
    }

    @Override
    public long highestNumber(String deviceId) {
      return 0;
    }
  }

  static final class NoNodes implements CertifiedNodes {
    @Override
    public Optional<VerificationKey> key(Party node, KeyId signingKey) {
      return Optional.empty();
    }

    @Override
    public boolean isUsable(BankId bank) {
      return false;
    }
  }

  record OnePeriod(SecretKey256 secret) implements PeriodKeys {
    @Override
    public String currentPeriod() {
      return "1";
    }

    @Override
    public Optional<SecretKey256> key(String periodId) {
      return Optional.of(secret);
    }
  }

  Inbox newInbox() {
    BankMeters bankMeters = new BankMeters(meters);
    Devices devices = new Devices();
    Store store = UnkindStore.bank(1, time, time, Unkindness.none());
    DurableInsert inserts =
        new DurableInsert(
            store,
            TableName.SET_ASIDE,
            DurableInsert.ReadBy.ID,
            DurableInsert.Limits.DEFAULT,
            time,
            time::nanoTime,
            RANDOM);
    SetAside setAside =
        new SetAside(
            store.append(TableName.SET_ASIDE),
            inserts,
            "p00",
            new OnePeriod(SecretKey256.generate(RANDOM)),
            time,
            RANDOM,
            bankMeters);
    MessageOpener opener =
        new MessageOpener(
            US,
            0,
            id -> Optional.ofNullable(keys.get(id)),
            published::contains,
            new Authors(US, devices, new NoNodes(), new VerificationKeyCache()),
            time,
            bankMeters);
    return new Inbox(
        US,
        new OwnRows(0, () -> 2),
        LIMITS,
        opener,
        devices,
        () -> {},
        setAside,
        (rowId, _, content) -> Optional.ofNullable(content.tag() == null ? null : taggedBy),
        bankMeters,
        Runnable::run,
        time,
        Position.START);
  }

  SigningKey link(String device) {
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    linked.put(device, key);
    return key;
  }

  String letter(
      String device, SigningKey key, DecryptionKey to, long number, DeviceMessage message) {
    return letter(0, device, key, to, number, message);
  }

  String letter(
      int partition,
      String device,
      SigningKey key,
      DecryptionKey to,
      long number,
      DeviceMessage message) {
    Letter letter =
        new Letter(
            Party.device(US, device),
            Party.bank(US),
            MessageType.nameOf(message),
            Bytes.of(new byte[16]),
            number,
            NOW,
            NOW.plus(Duration.ofHours(1)),
            ProtocolJson.encode(message));
    return Envelope.seal(letter, key, to.encryptionKey(), partition, RANDOM);
  }

  String query(String device, SigningKey key, long number) {
    return letter(device, key, bankKey, number, new DeviceMessage.QueryBalance(ACCOUNT));
  }

  void add(String envelope) throws InterruptedException {
    String id = "row-" + ++rows;
    inbox.add(List.of(new Row(US.value(), id, envelope, rows)), new Position(rows, id), _ -> false);
  }

  /** What is delivered within so many milliseconds. */
  List<LedgerInput> takeFor(long millis) throws InterruptedException {
    List<LedgerInput> taken = new ArrayList<>();
    for (long passed = 0; passed <= millis; passed += 50) {
      List<InboxItem> items = inbox.take(100, 0);
      inbox.consumed(items);
      items.forEach(item -> taken.add(item.input()));
      time.advance(50);
    }
    return taken;
  }

  double setAside(String reason) {
    return meters.find("interseal.set.aside").tag("reason", reason).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  static String tagged(String envelope) {
    return new TaggedEnvelope(envelope, Bytes.of(new byte[16])).body();
  }

  double opens() {
    return meters.get("interseal.crypto.operations").tag("op", "open").counter().count();
  }
}
