package org.interseal.bank.inbox;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.interseal.protocol.message.DeviceKeys;
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
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-11-02T12:00:00Z");
  private static final BankId US = new BankId("AAAAXX00");
  private static final Iban ACCOUNT = Iban.of(US, 0, 7);
  private static final InboxLimits LIMITS =
      new InboxLimits(256, 64, 4_096, 100, 100, 16, 200, 5_000, 86_400_000L);

  private final VirtualTime time = new VirtualTime(NOW);
  private final DecryptionKey bankKey = DecryptionKey.generate(RANDOM);
  private final Map<KeyId, DecryptionKey> keys = new HashMap<>();
  private final Set<KeyId> published = new HashSet<>();
  private final Map<String, SigningKey> linked = new HashMap<>();
  private Party taggedBy = Party.gateway(US, "g1");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Inbox inbox = newInbox();
  private int rows;

  private final class Devices implements DeviceDirectory {
    @Override
    public Optional<Bytes> signingKey(String deviceId) {
      return Optional.ofNullable(linked.get(deviceId)).map(key -> key.verificationKey().spki());
    }

    @Override
    public long highestNumber(String deviceId) {
      return 0;
    }
  }

  private static final class NoNodes implements CertifiedNodes {
    @Override
    public Optional<VerificationKey> key(Party node, KeyId signingKey) {
      return Optional.empty();
    }

    @Override
    public boolean isUsable(BankId bank) {
      return false;
    }
  }

  private record OnePeriod(SecretKey256 secret) implements PeriodKeys {
    @Override
    public String currentPeriod() {
      return "1";
    }

    @Override
    public Optional<SecretKey256> key(String periodId) {
      return Optional.of(secret);
    }
  }

  private Inbox newInbox() {
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

  private SigningKey link(String device) {
    SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    linked.put(device, key);
    return key;
  }

  private String letter(
      String device, SigningKey key, DecryptionKey to, long number, DeviceMessage message) {
    return letter(0, device, key, to, number, message);
  }

  private String letter(
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

  private String query(String device, SigningKey key, long number) {
    return letter(device, key, bankKey, number, new DeviceMessage.QueryBalance(ACCOUNT));
  }

  private void add(String envelope) throws InterruptedException {
    String id = "row-" + ++rows;
    inbox.add(List.of(new Row(US.value(), id, envelope, rows)), new Position(rows, id), _ -> false);
  }

  /** What is delivered within so many milliseconds. */
  private List<LedgerInput> takeFor(long millis) throws InterruptedException {
    List<LedgerInput> taken = new ArrayList<>();
    for (long passed = 0; passed <= millis; passed += 50) {
      List<InboxItem> items = inbox.take(100, 0);
      inbox.consumed(items);
      items.forEach(item -> taken.add(item.input()));
      time.advance(50);
    }
    return taken;
  }

  private double setAside(String reason) {
    return meters.find("interseal.set.aside").tag("reason", reason).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void aRowWaitsSinceItWasReadWhateverItsStampSays() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    assertThat(inbox.longestWaitMillis()).isZero();

    // Stamped in 1970, as if this server's clock were ahead by decades.
    add(tagged(query("d1", device, 1)));
    assertThat(inbox.longestWaitMillis()).isZero();
    time.advance(700);
    assertThat(inbox.longestWaitMillis()).isEqualTo(700);
    assertThat(takeFor(0)).hasSize(1);
    assertThat(inbox.longestWaitMillis()).isZero();

    inbox.inject(query("d1", device, 2), 1);
    assertThat(inbox.longestWaitMillis()).as("released long after it was stored").isZero();
  }

  @Test
  void aRowThatComesBackFromWaitingForAKeyIsNotWhatTheLedgerIsBehindBy() throws Exception {
    published.add(bankKey.encryptionKey().id());
    add(query("d1", link("d1"), 1));
    for (int i = 0; i < 200; i++) {
      assertThat(takeFor(0)).isEmpty();
      assertThat(inbox.longestWaitMillis()).isLessThanOrEqualTo(50);
      time.advance(50);
    }
  }

  @Test
  void whatIsAnotherPartitionsIsPassedOverUnopened() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    DeviceMessage query = new DeviceMessage.QueryBalance(ACCOUNT);

    add(letter(1, "d1", device, bankKey, 1, query));
    add(query("d1", device, 2));

    assertThat(inbox.rowsInFlight()).isEqualTo(1);
    assertThat(takeFor(10_000))
        .extracting(LedgerInput::reference)
        .as("and the cursor moves on past it")
        .hasSize(1);
    assertThat(inbox.cursor()).isEqualTo(new Position(2, "row-2"));
    assertThat(opened()).isEqualTo(1);
  }

  @Test
  void whatNamesNoPartitionOfTheBankIsSetAsideByTheLowest() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");

    add(letter(2, "d1", device, bankKey, 1, new DeviceMessage.QueryBalance(ACCOUNT)));
    add("no header at all");

    assertThat(takeFor(10_000)).allMatch(LedgerInput.Unusable.class::isInstance).hasSize(2);
    assertThat(setAside("wrong-partition")).isEqualTo(1);
    assertThat(setAside("malformed")).isEqualTo(1);
  }

  private double opened() {
    return meters.find("interseal.crypto.operations").tag("op", "open").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void aLetterToAKeyOfOursWaitsForTheKeyHoweverLongThatTakes() throws Exception {
    published.add(bankKey.encryptionKey().id());
    SigningKey device = link("d1");
    add(query("d1", device, 1));

    assertThat(takeFor(60_000)).isEmpty();
    assertThat(inbox.waitingForOurKey()).isEqualTo(1);
    assertThat(inbox.cursor()).as("nothing is passed over").isEqualTo(Position.START);

    keys.put(bankKey.encryptionKey().id(), bankKey);
    assertThat(takeFor(5_000)).singleElement().isInstanceOf(LedgerInput.FromDevice.class);
    assertThat(inbox.waitingForOurKey()).isZero();
    assertThat(inbox.cursor()).isEqualTo(new Position(1, "row-1"));
  }

  @Test
  void whatComesAfterAWaitingLetterIsNotKeptInMind() throws Exception {
    published.add(bankKey.encryptionKey().id());
    SigningKey device = link("d1");
    add(query("d1", device, 1));
    assertThat(takeFor(0)).isEmpty();
    for (int i = 0; i < 200; i++) {
      add("junk " + i);
      var _ = takeFor(0);
    }
    assertThat(inbox.pagesInHand()).isLessThanOrEqualTo(2);
    assertThat(inbox.cursor()).isEqualTo(Position.START);

    keys.put(bankKey.encryptionKey().id(), bankKey);
    assertThat(takeFor(5_000)).anyMatch(LedgerInput.FromDevice.class::isInstance);
    assertThat(inbox.cursor()).isEqualTo(new Position(201, "row-201"));
  }

  @Test
  void aLetterToAKeyThatIsNotOursIsSetAsideAfterAShortWait() throws Exception {
    add(query("d1", link("d1"), 1));

    assertThat(takeFor(1_000)).isEmpty();
    assertThat(takeFor(10_000)).singleElement().isInstanceOf(LedgerInput.Unusable.class);
    assertThat(inbox.waitingForOurKey()).isZero();
  }

  @Test
  void junkToForeignKeysDoesNotTakeTheRoomOfUnknownAuthors() throws Exception {
    for (int i = 0; i < 20; i++) {
      DecryptionKey foreign = DecryptionKey.generate(RANDOM);
      add(letter("d1", link("d1"), foreign, 1, new DeviceMessage.QueryBalance(ACCOUNT)));
    }
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey late = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    add(query("late", late, 1));
    var _ = takeFor(200);

    linked.put("late", late);

    assertThat(takeFor(2_000)).anyMatch(LedgerInput.FromDevice.class::isInstance);
    assertThat(setAside("unknown-recipient-key")).isGreaterThanOrEqualTo(18);
  }

  @Test
  void anActivationInAnotherDevicesNameDoesNotTouchTheOrderOfItsMessages() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey request = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    SigningKey attacker = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    DeviceKeys mixed =
        new DeviceKeys(
            attacker.verificationKey().spki(),
            bankKey.encryptionKey().spki(),
            request.verificationKey().spki());
    SigningKey own = link(mixed.deviceId());
    add(
        letter(
            mixed.deviceId(),
            attacker,
            bankKey,
            1_000_000,
            new DeviceMessage.ActivateDevice(ACCOUNT, Bytes.of(new byte[10]), mixed, "evil")));
    assertThat(takeFor(0)).as("the ledger refuses it").hasSize(1);

    add(query(mixed.deviceId(), own, 2));
    add(query(mixed.deviceId(), own, 1));

    assertThat(takeFor(50))
        .extracting(input -> ((LedgerInput.FromDevice) input).number())
        .containsExactly(1L, 2L);
  }

  private static String tagged(String envelope) {
    return new TaggedEnvelope(envelope, Bytes.of(new byte[16])).body();
  }

  private double opens() {
    return meters.get("interseal.crypto.operations").tag("op", "open").counter().count();
  }

  @Test
  void junkIsOpenedOnCreditOnlyAndATaggedLetterBehindItIsNotHeldUp() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    StreamFollower.Receiver receiver = inbox.receiver(_ -> false);
    String oneOfMany = "x." + "y".repeat(1_000);
    List<Row> stream = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      stream.add(new Row(US.value(), "row-" + i, oneOfMany + i, i + 1));
    }
    for (int i = 0; i < stream.size(); i += 50) {
      List<Row> page = stream.subList(i, i + 50);
      receiver.add(page, page.getLast().position());
      inbox.consumed(inbox.take(1_000, 0));
    }
    assertThat(opens()).isLessThanOrEqualTo(OpeningCredits.START);
    assertThat(inbox.rowsInFlight()).as("junk is not heaped up").isLessThanOrEqualTo(64 / 4);

    receiver.add(
        List.of(new Row(US.value(), "honest", tagged(query("d1", device, 1)), 30_000)),
        new Position(30_000, "honest"));

    assertThat(inbox.take(1_000, 0))
        .extracting(InboxItem::input)
        .hasOnlyElementsOfType(LedgerInput.FromDevice.class)
        .hasSize(1);
    assertThat(opens()).isLessThanOrEqualTo(OpeningCredits.START + 1);
    assertThat(receiver.leftOutFrom().isPresent() || inbox.parkedRows() > 0).isTrue();
  }

  @Test
  void whatWasLeftOutIsReadAgainAndTheCursorWaitsForIt() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    StreamFollower.Receiver receiver = inbox.receiver(_ -> false);
    List<Row> stream = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      stream.add(new Row(US.value(), "row-" + i, "junk " + i, i + 1));
    }
    // Authentic, but who wrote it had no tag: it comes late, and it comes.
    stream.add(new Row(US.value(), "untagged", query("d1", device, 1), 401));
    for (Row row : stream) {
      receiver.add(List.of(row), row.position());
      inbox.consumed(inbox.take(1_000, 0));
    }
    assertThat(inbox.cursor().timestampMillis()).isLessThan(300);
    assertThat(inbox.oldestWithoutCreditMillis()).as("the first parked").hasValue(257);
    List<LedgerInput> late = new ArrayList<>();
    int next = 0;
    for (int round = 0; round < 200 && inbox.cursor().timestampMillis() < 401; round++) {
      time.advance(100);
      Optional<Position> from = receiver.leftOutFrom();
      if (from.isPresent()) {
        next = next == 0 ? (int) from.get().timestampMillis() : next;
        if (next == stream.size()) {
          receiver.caughtUp();
        } else {
          Row row = stream.get(next++);
          receiver.addAgain(List.of(row), row.position());
        }
      }
      List<InboxItem> items = inbox.take(1_000, 0);
      inbox.consumed(items);
      items.forEach(item -> late.add(item.input()));
      if (round == 0) {
        assertThat(inbox.parkedRows()).isZero();
        assertThat(inbox.oldestWithoutCreditMillis()).as("the first left out").hasValue(273);
      }
      assertThat(inbox.longestWaitMillis()).isZero();
    }
    receiver.caughtUp();
    assertThat(inbox.oldestWithoutCreditMillis()).isEmpty();
    assertThat(late).filteredOn(LedgerInput.FromDevice.class::isInstance).hasSize(1);
    assertThat(inbox.cursor().timestampMillis()).isEqualTo(401);
    assertThat(inbox.parkedRows()).isZero();
  }

  @Test
  void whatWaitedForCreditIsSeenAndDoesNotMakeTheLedgerLookBusy() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    for (int i = 0; i < OpeningCredits.START; i++) {
      add("junk " + i);
      inbox.consumed(inbox.take(1_000, 0));
    }
    inbox.consumed(inbox.take(1_000, 0));
    assertThat(inbox.rowsInFlight()).isZero();
    assertThat(inbox.oldestWithoutCreditMillis()).isEmpty();

    long first = rows + 1L;
    for (int i = 0; i < 3; i++) {
      add(query("d" + i, link("d" + i), 1));
    }
    assertThat(inbox.oldestWithoutCreditMillis()).hasValue(first);
    assertThat(inbox.longestWaitMillis()).isZero();

    time.advance(1_000);
    assertThat(inbox.take(1, 0)).hasSize(1);
    assertThat(inbox.oldestWithoutCreditMillis()).isEmpty();
    assertThat(inbox.longestWaitMillis()).as("two wait, old as they are").isZero();
    add(tagged(query("d4", link("d4"), 1)));
    time.advance(700);
    assertThat(inbox.longestWaitMillis()).isEqualTo(700);
  }

  @Test
  void aWriterWhoTagsJunkSpendsItsOwnCredit() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey device = link("d1");
    taggedBy = Party.server(new BankId("BBBBXX00"), "s1");
    for (int i = 0; i < 600; i++) {
      add(tagged("junk " + i));
      inbox.consumed(inbox.take(1_000, 0));
    }
    double spent = opens();
    assertThat(spent).isLessThanOrEqualTo(OpeningCredits.START);

    taggedBy = Party.gateway(US, "g1");
    add(tagged(query("d1", device, 1)));
    assertThat(inbox.take(1_000, 0)).hasSize(1);
    assertThat(meters.get("interseal.inbox.junk").tag("writer", "server:BBBBXX00:s1").counter())
        .satisfies(counter -> assertThat(counter.count()).isEqualTo(spent));
  }

  @Test
  void aCopyOfWhatWasProvedIsNotOpenedAgain() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    String letter = query("d1", link("d1"), 1);
    add(letter);
    assertThat(takeFor(0)).hasSize(1);
    for (int i = 0; i < 1_000; i++) {
      add(letter);
    }
    assertThat(takeFor(0)).isEmpty();
    assertThat(opens()).isEqualTo(1);
    assertThat(inbox.cursor().timestampMillis()).isPositive();
  }

  @Test
  void aDeviceWithManyMessagesDelaysAnotherByOneTurn() throws Exception {
    keys.put(bankKey.encryptionKey().id(), bankKey);
    SigningKey busy = link("busy");
    for (int i = 1; i <= 50; i++) {
      add(query("busy", busy, i));
    }
    add(query("quiet", link("quiet"), 1));

    List<InboxItem> first = inbox.take(4, 0);

    assertThat(first)
        .extracting(item -> ((LedgerInput.FromDevice) item.input()).deviceId())
        .containsExactly("busy", "quiet", "busy", "busy");
    assertThat(inbox.take(100, 0))
        .extracting(item -> ((LedgerInput.FromDevice) item.input()).number())
        .startsWith(4L, 5L)
        .hasSize(47);
  }
}
