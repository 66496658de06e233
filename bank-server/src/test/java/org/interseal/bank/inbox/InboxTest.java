package org.interseal.bank.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.bank.ledger.LedgerInput;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.store.Position;
import org.junit.jupiter.api.Test;

class InboxTest extends InboxFixture {
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
}
