package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.client.FakeBank.ACCOUNT;
import static org.interseal.client.FakeBank.BANK;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Letter;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.junit.jupiter.api.Test;

/** Whom a device believes, and what it tells its customer. */
class DeviceBeliefIT extends DeviceAtGateways {
  @Test
  void aGatewayUnderAnotherRootIsRefused() throws Exception {
    TestAuthority other = new TestAuthority();
    CompletableFuture<BankClient> connecting =
        BankClient.connect(runtime, List.of(first.uri()), other.root().fingerprint());

    assertThatThrownBy(() -> get(connecting)).hasCauseInstanceOf(BankNotProven.class);
  }

  @Test
  void recordsThatProveNothingAreRefused() {
    FakeBank forger = new FakeBank(time);
    RestApi.OwnBankDocument real = bank.document();
    first.document =
        new RestApi.OwnBankDocument(
            BANK,
            real.institution(),
            real.legalName(),
            real.status(),
            1,
            real.rootCertificate(),
            List.of(
                forger.bank.licence(1, LicenceStatus.ACTIVE).body(), forger.server.row().body()));
    CompletableFuture<BankClient> connecting =
        BankClient.connect(runtime, List.of(first.uri()), bank.authority.root().fingerprint());

    assertThatThrownBy(() -> get(connecting)).hasCauseInstanceOf(BankNotProven.class);
  }

  @Test
  void theBankOfAnAccountIsTheOneThatALicenceProves() throws Exception {
    BankClient client = connected();

    assertThat(get(client.bankOf(ACCOUNT))).map(LicensedBank::bank).contains(BANK);
    assertThat(get(client.bankOf(Iban.of(new BankId("BKCDXX00"), 0, 9))))
        .map(LicensedBank::bank)
        .contains(new BankId("BKCDXX00"));
    assertThat(get(client.bankOf(Iban.of(new BankId("BKXXXX00"), 0, 9)))).isEmpty();
  }

  @Test
  void aGatewayThatWasTakenOverKeepsNobodyFromTheOthers() throws Exception {
    FakeBank forger = new FakeBank(time);
    first.document = forger.document();
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 1)));

    assertThat(connected().root()).isEqualTo(bank.authority.root());
  }

  @Test
  void aRepeatedNoticeIsToldOnce() throws Exception {
    Device device = device();
    List<DeviceNotice> notices = new ArrayList<>();
    device.onNotice(notices::add);
    bank.deliver(device.deviceId(), balance(Bytes.of(new byte[16]), 1), null);
    bank.repeatLast(device.deviceId());

    assertThat(get(device.poll())).isEqualTo(2);
    assertThat(notices).hasSize(1);
    bank.repeatLast(device.deviceId());
    Device later = Device.of(connected(), memory);
    later.onNotice(notices::add);
    assertThat(get(later.poll())).isEqualTo(1);
    assertThat(notices).hasSize(1);
  }

  @Test
  void anOldNoticeIsNoNewsHoweverManyCameAfterIt() throws Exception {
    Device device = device();
    List<DeviceNotice> notices = new ArrayList<>();
    device.onNotice(notices::add);
    bank.deliver(device.deviceId(), balance(Bytes.of(new byte[16]), 1), null);
    RestApi.Item old = bank.mailbox(device.deviceId(), null, 1).getFirst();
    int many = SeenNotices.MAX_SEEN + 300;
    for (int i = 2; i <= many; i++) {
      bank.deliver(device.deviceId(), balance(Bytes.of(new byte[16]), i), null);
    }
    get(device.poll());
    assertThat(notices).hasSize(many);

    // A gateway that was taken over puts it in again, for this process and for a later one.
    bank.put(device.deviceId(), null, old.envelope());
    get(device.poll());
    assertThat(notices).hasSize(many);
    bank.put(device.deviceId(), null, old.envelope());
    Device later = Device.of(connected(), memory);
    later.onNotice(notices::add);
    get(later.poll());
    assertThat(notices).hasSize(many);
  }

  @Test
  void anExpiredNoticeIsNoNewsButStillAnAnswer() throws Exception {
    bank.behave((letter, message) -> List.of());
    Device device = device();
    assertThat(get(device.payAndWait(payment("i1"), SHORT)))
        .isInstanceOf(PaymentOutcome.Unanswered.class);
    Letter letter = bank.letters().getFirst();
    // The payment's own last poll may be under way still: it must not meet the leap of the clock.
    assertThat(get(device.poll())).isZero();
    List<DeviceNotice> notices = new ArrayList<>();
    device.onNotice(notices::add);
    bank.deliver(device.deviceId(), balance(Bytes.of(new byte[16]), 1), null);
    bank.deliver(device.deviceId(), status(letter, TransactionStatus.ACCC, null), null);
    time.skip(Duration.ofHours(25));

    assertThat(get(device.poll()) + get(device.poll())).isEqualTo(2);
    assertThat(notices).singleElement().isInstanceOf(DeviceNotice.PaymentStatus.class);
    assertThat(memory.profile().pending()).isEmpty();
  }

  @Test
  void nobodyButAServerOfItsOwnBankIsBelieved() throws Exception {
    Device device = device();
    List<DeviceNotice> notices = new ArrayList<>();
    device.onNotice(notices::add);
    DeviceNotice notice = balance(Bytes.of(new byte[16]), 1);
    TestAuthority.TestNode gateway = bank.bank.gateway("edge");
    TestAuthority.TestNode stranger = new FakeBank(time).bank.server("one");
    bank.deliver(device.deviceId(), notice, null, gateway.party(), gateway.key());
    bank.deliver(device.deviceId(), notice, null, Party.server(BANK, "one"), gateway.key());
    bank.deliver(device.deviceId(), notice, null, stranger.party(), stranger.key());
    bank.deliver(
        device.deviceId(),
        notice,
        null,
        Party.server(new BankId("BKCDXX00"), "one"),
        bank.server.key());
    bank.put(
        device.deviceId(),
        null,
        bank.sealed(
            notice,
            bank.server.party(),
            bank.server.key(),
            Party.device(BANK, "another"),
            memory.keys().encryption().encryptionKey()));
    bank.put(
        device.deviceId(),
        null,
        bank.sealed(
            notice,
            bank.server.party(),
            bank.server.key(),
            Party.device(BANK, device.deviceId()),
            DecryptionKey.generate(bank.random).encryptionKey()));
    bank.put(device.deviceId(), null, "junk");

    assertThat(get(device.poll())).isEqualTo(7);
    assertThat(notices).isEmpty();
    assertThat(device.refusedEnvelopes()).isEqualTo(7);
  }

  @Test
  void aServerThatJoinedLaterIsBelievedOnceItsRecordIsFetched() throws Exception {
    Device device = device();
    TestAuthority.TestNode joined = bank.bank.server("two");
    RestApi.OwnBankDocument before = first.document;
    List<String> records = new ArrayList<>(before.records());
    records.add(joined.row().body());
    first.document =
        new RestApi.OwnBankDocument(
            BANK,
            before.institution(),
            before.legalName(),
            before.status(),
            1,
            before.rootCertificate(),
            records);
    bank.behave((letter, _) -> List.of());
    time.skip(BankClient.MIN_REFRESH);
    bank.deliver(
        device.deviceId(), balance(Bytes.of(new byte[16]), 1), null, joined.party(), joined.key());

    assertThat(get(device.poll())).isEqualTo(1);
    assertThat(device.refusedEnvelopes()).isZero();
  }

  @Test
  void aNoticeOfAServerThatJoinedJustNowIsNotPassedOver() throws Exception {
    Device device = device();
    List<DeviceNotice> notices = new ArrayList<>();
    device.onNotice(notices::add);
    TestAuthority.TestNode joined = bank.bank.server("two");
    RestApi.OwnBankDocument newer =
        serving(bank.bank.licence(1, LicenceStatus.ACTIVE), bank.server.row(), joined.row());
    bank.deliver(
        device.deviceId(), balance(Bytes.of(new byte[16]), 1), null, joined.party(), joined.key());
    first.servesRecords = false;
    second.servesRecords = false;
    time.skip(BankClient.MIN_REFRESH);

    assertThatThrownBy(() -> get(device.poll())).hasCauseInstanceOf(BankUnreachable.class);
    assertThat(memory.profile().mailboxCursor()).isNull();

    first.document = newer;
    first.servesRecords = true;
    // Less than the pause between two fetches after the one that failed.
    assertThat(get(device.poll())).isEqualTo(1);
    assertThat(notices).hasSize(1);
    assertThat(device.refusedEnvelopes()).isZero();
  }

  private RestApi.OwnBankDocument serving(RegistryRow... rows) {
    RestApi.OwnBankDocument real = bank.document();
    return new RestApi.OwnBankDocument(
        BANK,
        real.institution(),
        real.legalName(),
        real.status(),
        1,
        real.rootCertificate(),
        java.util.Arrays.stream(rows).map(RegistryRow::body).toList());
  }

  @Test
  void noGatewayTakesBackAnEpochOrAnEviction() throws Exception {
    RegistryRow licence = bank.bank.licence(1, LicenceStatus.ACTIVE);
    TestAuthority.TestNode evicted = bank.bank.server("two");
    DecryptionKey newKey = DecryptionKey.generate(bank.random);
    RestApi.OwnBankDocument newest =
        serving(
            licence,
            bank.server.row(),
            bank.bank.revocation(1, evicted),
            bank.bank.epoch(2, 2, newKey));
    // As many rows as the newest: a count says nothing.
    RestApi.OwnBankDocument older =
        serving(
            licence,
            bank.server.row(),
            evicted.row(),
            bank.bank.gateway("g1").row(),
            bank.bank.gateway("g2").row());
    first.document = newest;
    second.document = newest;
    BankClient client = connected();
    Device.prepared(client, memory, ACCOUNT, "phone").close();
    first.document = older;
    second.document = older;
    time.skip(BankClient.MIN_REFRESH);
    get(client.refresh());
    BankClient later = connected();
    Device device = Device.of(later, memory);

    for (BankClient each : List.of(client, later)) {
      assertThat(each.licensed().encryptionKey()).isEqualTo(newKey.encryptionKey());
      assertThat(
              each.directory()
                  .node(
                      BANK,
                      PartyRole.SERVER,
                      bank.server.key().verificationKey().id(),
                      time.instant()))
          .isPresent();
      assertThat(
              each.directory()
                  .node(
                      BANK, PartyRole.SERVER, evicted.key().verificationKey().id(), time.instant()))
          .isEmpty();
    }
    bank.deliver(
        device.deviceId(),
        balance(Bytes.of(new byte[16]), 1),
        null,
        evicted.party(),
        evicted.key());
    assertThat(get(device.poll())).isEqualTo(1);
    assertThat(device.refusedEnvelopes()).isEqualTo(1);
  }

  @Test
  void aWatchTellsEveryNoticeOverStreamsThatEnd() throws Exception {
    watchesThree();
    assertThat(first.streamed.get() + second.streamed.get()).isPositive();
  }

  @Test
  void aWatchPollsWhereNoEventsAreOffered() throws Exception {
    first.offersEvents = false;
    second.offersEvents = false;
    watchesThree();
  }

  private void watchesThree() throws Exception {
    Device device = device();
    CountDownLatch three = new CountDownLatch(3);
    List<DeviceNotice> notices = java.util.Collections.synchronizedList(new ArrayList<>());
    device.onNotice(notice -> {
      notices.add(notice);
      three.countDown();
    });
    try (Watch watch = device.watch()) {
      assertThat(watch).isNotNull();
      long start = System.nanoTime();
      while (!first.paths.contains(RestApi.MAILBOX_EVENTS)) {
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        LockSupport.parkNanos(1_000_000);
      }
      for (int i = 1; i <= 3; i++) {
        bank.deliver(device.deviceId(), balance(Bytes.of(new byte[16]), i), null);
      }
      assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(notices)
        .extracting("booked")
        .containsExactly(new Money(1, CZK), new Money(2, CZK), new Money(3, CZK));
  }
}
