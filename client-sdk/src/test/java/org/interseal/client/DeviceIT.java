package org.interseal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.client.FakeBank.ACCOUNT;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Letter;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.junit.jupiter.api.Test;

/** What a device asks of its bank, and how it gets there. */
class DeviceIT extends DeviceAtGateways {
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
  void aLinkedDeviceTakesNoAccountInAnotherPartition() throws Exception {
    VolatileDeviceMemory linked =
        new VolatileDeviceMemory(DeviceKeyRing.generate(bank.random), DeviceProfile.fresh());
    Bytes root = bank.authority.root().fingerprint();
    BankClient client = connected();
    var _ =
        get(
            Device.activate(
                client, linked, new ActivationCode(ACCOUNT, FakeBank.SECRET, root), "phone", SOON));
    ActivationCode elsewhere =
        new ActivationCode(Iban.of(FakeBank.BANK, 3, 7), FakeBank.SECRET, root);

    assertThatThrownBy(() -> Device.activate(client, linked, elsewhere, "phone", SOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use a new device");

    assertThat(linked.profile().accounts()).containsExactly(ACCOUNT);
  }

  @Test
  void everythingGoesToThePartitionInTheAccountsNumber() throws Exception {
    Iban account = Iban.of(FakeBank.BANK, 3, 7);
    VolatileDeviceMemory fresh =
        new VolatileDeviceMemory(DeviceKeyRing.generate(bank.random), DeviceProfile.fresh());
    ActivationCode code =
        new ActivationCode(account, FakeBank.SECRET, bank.authority.root().fingerprint());

    Device device =
        switch (get(Device.activate(connected(), fresh, code, "phone", SOON))) {
          case Reply.Answered<Device>(Device linked) -> linked;
          default -> throw new AssertionError("not linked");
        };
    var _ = get(device.unlink("another", SOON));
    bank.behave((letter, _) -> List.of(balance(letter.messageId(), 500)));
    var _ = get(device.balance(account, SOON));

    assertThat(bank.partitions()).containsExactly(3, 3, 3);
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
