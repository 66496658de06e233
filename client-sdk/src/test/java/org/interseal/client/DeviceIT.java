package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.client.FakeBank.ACCOUNT;
import static org.interseal.client.FakeBank.BANK;

import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Letter;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device against gateways over real HTTP and a bank with real keys. */
class DeviceIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final CurrencyCode CZK = new CurrencyCode("CZK");

  private final RunningTime time = new RunningTime();
  private final FakeBank bank = new FakeBank(time);
  private final ClientRuntime runtime = ClientRuntime.start(time, new SecureRandom(), 64);
  private final VolatileDeviceMemory memory =
      new VolatileDeviceMemory(DeviceKeyRing.generate(new SecureRandom()), DeviceProfile.fresh());
  private final FakeGateway first = gateway();
  private final FakeGateway second = gateway();

  private FakeGateway gateway() {
    try {
      return new FakeGateway(bank);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void linked() {
    bank.link(memory.keys().publicKeys());
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    runtime.close();
  }

  private BankClient connected() throws Exception {
    return BankClient.connect(
            runtime, List.of(first.uri(), second.uri()), bank.authority.root().fingerprint())
        .get(20, TimeUnit.SECONDS);
  }

  private Device device() throws Exception {
    return Device.prepared(connected(), memory, ACCOUNT, "phone");
  }

  private static Payment payment(String instructionId) {
    return new Payment(
        instructionId,
        "e2e",
        UUID.fromString("6f9619ff-8b86-4011-b42d-00c04fc964ff"),
        new PartyAccount("Ada", ACCOUNT, BANK),
        new PartyAccount("Bob", Iban.of(new BankId("BKCDXX00"), 0, 9), new BankId("BKCDXX00")),
        new Money(12_300, CZK),
        null,
        null,
        null,
        ChargeBearer.SLEV,
        LocalDate.of(2026, 11, 20));
  }

  private static DeviceNotice.PaymentStatus status(
      @Nullable Letter letter, TransactionStatus status, @Nullable ReasonCode reason) {
    Payment payment = payment("i1");
    return new DeviceNotice.PaymentStatus(
        letter == null ? null : letter.messageId(),
        ACCOUNT,
        "i1",
        "e2e",
        payment.uetr(),
        payment.amount(),
        status,
        reason,
        1);
  }

  private static DeviceNotice.Balance balance(Bytes inReplyTo, long minor) {
    return new DeviceNotice.Balance(
        inReplyTo, ACCOUNT, new Money(minor, CZK), new Money(minor, CZK), 1);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void anActivationCodeLinksADevice() throws Exception {
    VolatileDeviceMemory fresh =
        new VolatileDeviceMemory(DeviceKeyRing.generate(bank.random), DeviceProfile.fresh());
    ActivationCode code =
        new ActivationCode(ACCOUNT, FakeBank.SECRET, bank.authority.root().fingerprint());

    Reply<Device> reply = get(Device.activate(connected(), fresh, code, "phone", SOON));

    assertThat(reply).isInstanceOf(Reply.Answered.class);
    assertThat(fresh.profile().linked()).isTrue();
    assertThat(fresh.profile().accounts()).containsExactly(ACCOUNT);
    assertThat(fresh.profile().pending()).isEmpty();
    assertThat(first.paths).contains(RestApi.ACTIVATIONS).doesNotContain(RestApi.MESSAGES);
  }

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
  void aBalanceComesBackInTheSameCall() throws Exception {
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 500)));
    Device device = device();

    Reply<DeviceNotice.Balance> reply = get(device.balance(ACCOUNT, SOON));

    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Answered.class,
            a -> assertThat(a.value()).hasFieldOrPropertyWithValue("booked", new Money(500, CZK)));
    assertThat(first.paths).doesNotContain(RestApi.MAILBOX);
  }

  @Test
  void withoutAnAnswerInTheCallItIsFetchedFromTheMailbox() throws Exception {
    first.answersInline = false;
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 500)));

    assertThat(get(device().balance(ACCOUNT, SOON))).isInstanceOf(Reply.Answered.class);
    assertThat(first.paths).contains(RestApi.MAILBOX);
  }

  @Test
  void aPaymentIsAcceptedAndThenSettled() throws Exception {
    bank.behave((letter, _) -> List.of(status(letter, TransactionStatus.ACSP, null)));
    Device device = device();

    PaymentInProgress payment = device.pay(payment("i1"), SOON);
    assertThat(get(payment.firstAnswer())).isInstanceOf(PaymentOutcome.Accepted.class);
    bank.deliver(device.deviceId(), status(null, TransactionStatus.ACCC, null), null);

    assertThat(get(payment.finalOutcome())).isInstanceOf(PaymentOutcome.Settled.class);
  }

  @Test
  void aRejectionNamesItsReason() throws Exception {
    bank.behave((letter, _) -> List.of(status(letter, TransactionStatus.RJCT, ReasonCode.AM04)));

    assertThat(get(device().payAndWait(payment("i1"), SOON)))
        .isInstanceOfSatisfying(
            PaymentOutcome.Rejected.class, r -> assertThat(r.reason()).isEqualTo(ReasonCode.AM04));
  }

  @Test
  void theSameBytesGoToTheNextGatewayUntilOneHasThem() throws Exception {
    first.fail(new FakeGateway.Fault(503, null, false), new FakeGateway.Fault(503, "1", false));
    second.fail(new FakeGateway.Fault(503, null, true));
    bank.behave((letter, _) -> List.of(status(letter, TransactionStatus.ACCC, null)));

    assertThat(get(device().payAndWait(payment("i1"), SOON)))
        .isInstanceOf(PaymentOutcome.Settled.class);
    List<String> sent = new ArrayList<>(first.received);
    sent.addAll(second.received);
    assertThat(sent).hasSizeGreaterThanOrEqualTo(3).containsOnly(sent.getFirst());
    assertThat(bank.letters()).hasSize(1);
  }

  @Test
  void aGatewayThatHasNotHeardOfTheDeviceYetIsAskedAgain() throws Exception {
    FakeGateway.Fault behind = new FakeGateway.Fault(403, "device-not-linked", null, false);
    first.fail(behind);
    second.fail(behind);
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 1)));

    assertThat(get(device().balance(ACCOUNT, SOON))).isInstanceOf(Reply.Answered.class);
  }

  @Test
  void gatewaysThatWereAwayForLongAreAskedAgainAsWellWhenTheyHaveNotHeardOfTheDevice()
      throws Exception {
    FakeGateway.Fault away = new FakeGateway.Fault(503, null, false);
    FakeGateway.Fault behind = new FakeGateway.Fault(403, "device-not-linked", null, false);
    first.fail(away, away, away, behind);
    second.fail(away, away, behind);
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 1)));

    assertThat(get(device().balance(ACCOUNT, SOON))).isInstanceOf(Reply.Answered.class);
  }

  @Test
  void aPaymentThatNoGatewayTakesIsNotWaitedFor() throws Exception {
    first.fail(new FakeGateway.Fault(400, "envelope-malformed", null, false));

    assertThat(get(device().payAndWait(payment("i1"), Duration.ofHours(1))))
        .isInstanceOf(PaymentOutcome.Unanswered.class);
    assertThat(memory.profile().pending()).hasSize(1);
  }

  @Test
  void aRefusalByTheGatewaysIsNotRepeated() throws Exception {
    first.fail(new FakeGateway.Fault(400, "envelope-malformed", null, false));

    assertThat(get(device().balance(ACCOUNT, SOON)))
        .isInstanceOfSatisfying(
            Reply.Unanswered.class, none -> assertThat(none.why()).contains("envelope-malformed"));
    assertThat(first.received).hasSize(1);
    assertThat(second.received).isEmpty();
  }

  @Test
  void aDeadGatewayIsPassedOver() throws Exception {
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 1)));
    URI dead = first.uri();
    first.close();
    BankClient client =
        get(
            BankClient.connect(
                runtime, List.of(dead, second.uri()), bank.authority.root().fingerprint()));

    assertThat(get(Device.prepared(client, memory, ACCOUNT, "phone").balance(ACCOUNT, SOON)))
        .isInstanceOf(Reply.Answered.class);
  }

  @Test
  void whatWasNotAnsweredInTimeIsSentAgainByALaterProcess() throws Exception {
    bank.behave((letter, message) -> List.of());
    Device device = device();
    assertThat(get(device.payAndWait(payment("i1"), SHORT)))
        .isInstanceOf(PaymentOutcome.Unanswered.class);
    assertThat(memory.profile().pending()).hasSize(1);
    String sent = memory.profile().pending().getFirst().envelope();
    Letter letter = bank.letters().getFirst();
    // The earlier process may still be polling; the later one goes by what was on disk.
    VolatileDeviceMemory onDisk = new VolatileDeviceMemory(memory.keys(), memory.profile());
    bank.deliver(device.deviceId(), status(letter, TransactionStatus.ACCC, null), null);

    Device later = Device.of(connected(), onDisk);
    LinkedBlockingQueue<DeviceNotice> notices = new LinkedBlockingQueue<>();
    later.onNotice(notices::add);
    assertThat(get(later.resend(SOON))).isEqualTo(1);

    assertThat(first.received).containsOnly(sent);
    assertThat(onDisk.profile().pending()).isEmpty();
    assertThat(notices.poll(20, TimeUnit.SECONDS)).isInstanceOf(DeviceNotice.PaymentStatus.class);
  }

  @Test
  void noNumberIsUsedTwiceAndNoneIsLeftOut() throws Exception {
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 1)));
    Device device = device();
    List<CompletableFuture<Reply<DeviceNotice.Balance>>> replies = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      replies.add(device.balance(ACCOUNT, SOON));
    }
    get(CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)));

    assertThat(bank.letters().stream().map(Letter::number).sorted())
        .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 40).boxed().toList());
  }

  @Test
  void aStatementIsPutTogetherFromItsPages() throws Exception {
    LocalDate day = LocalDate.of(2026, 11, 20);
    DeviceNotice.StatementEntry entry =
        new DeviceNotice.StatementEntry(
            1, 0, day, new Money(1, CZK), "credit", null, null, null, null, null, null);
    bank.behave((letter, message) -> {
      String continuation = ((DeviceMessage.QueryStatement) message).continuation();
      boolean last = "2".equals(continuation);
      return List.of(
          new DeviceNotice.Statement(
              letter.messageId(),
              ACCOUNT,
              day,
              day,
              last ? new Money(10, CZK) : null,
              continuation == null ? new Money(13, CZK) : null,
              List.of(entry),
              last ? null : continuation == null ? "1" : "2"));
    });

    Reply<AccountStatement> reply = get(device().statement(ACCOUNT, day, day, SOON));

    AccountStatement statement = ((Reply.Answered<AccountStatement>) reply).value();
    assertThat(statement.entries()).hasSize(3);
    assertThat(statement.opening()).contains(new Money(10, CZK));
    assertThat(statement.closing()).contains(new Money(13, CZK));
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

  @Test
  void anotherDeviceIsApprovedAndUnlinked() throws Exception {
    DeviceKeyRing tablet = DeviceKeyRing.generate(bank.random);
    Device device = device();

    assertThat(get(device.approve(tablet.publicKeys(), "tablet", SOON)))
        .isInstanceOf(Reply.Answered.class);
    assertThat(get(device.unlink(device.deviceId(), SOON))).isInstanceOf(Reply.Answered.class);
    assertThat(memory.profile().linked()).isFalse();
  }

  @Test
  void aRefusalByTheBankIsARepliedRefusal() throws Exception {
    bank.behave((letter, _) ->
        List.of(new DeviceNotice.Refused(letter.messageId(), ReasonCode.AC01, "no account")));

    assertThat(get(device().balance(ACCOUNT, SOON)))
        .isEqualTo(new Reply.Refused<>(ReasonCode.AC01, "no account"));
  }
}
