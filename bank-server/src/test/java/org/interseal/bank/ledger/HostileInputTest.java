package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything that types allow, at its extremes: decided without an exception, and money stays
 * conserved.
 */
class HostileInputTest {
  private static final long[] LONGS = {
    Long.MIN_VALUE, -1, 0, 1, 2, 3, 1_000, 99_999, 100_001, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  private final TestBank bank = SnapshotTest.full();
  private final TestBank other = TestBank.founded(TestBank.B);
  private Random random = new Random(1);

  private long anyLong() {
    return LONGS[random.nextInt(LONGS.length)];
  }

  private long anyTime() {
    return random.nextInt(3) == 0 ? anyLong() : bank.now + random.nextInt(100_000) - 50_000;
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private Iban anyAccount(BankId at) {
    return Iban.of(at, random.nextInt(3), any(List.of(1L, 2L, 99L, 9_999_999_999L)));
  }

  private LocalDate anyDate() {
    return any(List.of(LocalDate.MIN, LocalDate.of(2026, 11, 2), LocalDate.MAX));
  }

  private Money anyAmount() {
    return new Money(
        any(List.of(-Money.MAX_MINOR, -1L, 0L, 1L, 100L, Money.MAX_MINOR)),
        any(List.of(TestBank.CZK, TestBank.EUR)));
  }

  private String anyDevice() {
    return any(List.of("ada", "guess", "nobody"));
  }

  private Payment anyPayment(TestBank from, BankId to) {
    var plain =
        from.payment(
            "out " + random.nextInt(6),
            anyAccount(from.id),
            anyAccount(to),
            to,
            1L + random.nextInt(50));
    Money amount = random.nextBoolean() ? plain.amount() : new Money(Money.MAX_MINOR, TestBank.CZK);
    return new Payment(
        plain.instructionId(),
        plain.endToEndId(),
        plain.uetr(),
        plain.debtor(),
        plain.creditor(),
        amount,
        null,
        null,
        "RF18",
        plain.chargeBearer(),
        random.nextBoolean() ? plain.requestedExecutionDate() : anyDate());
  }

  private DeviceMessage anyDeviceMessage() {
    return switch (random.nextInt(7)) {
      case 0 -> {
        BankId to = any(List.of(TestBank.A, TestBank.B, TestBank.GONE));
        yield new DeviceMessage.InstructPayment(anyPayment(bank, to));
      }
      case 1 -> new DeviceMessage.QueryBalance(anyAccount(TestBank.A));
      case 2 ->
          new DeviceMessage.QueryStatement(
              anyAccount(TestBank.A),
              anyDate(),
              anyDate(),
              any(List.of("1.1", "x", "9.n", "999999999999999.9")));
      case 3 -> new DeviceMessage.QueryPayment(anyAccount(TestBank.A), "out 1");
      case 4 -> new DeviceMessage.ApproveDevice(TestBank.keys("new" + random.nextInt(20)), "New");
      case 5 ->
          new DeviceMessage.UnlinkDevice(TestBank.keys("new" + random.nextInt(20)).deviceId());
      default ->
          TestBank.activation(anyAccount(TestBank.A), TestBank.secret(anyDevice()), anyDevice());
    };
  }

  private BranchMessage anyBranchMessage() {
    return switch (random.nextInt(6)) {
      case 0 ->
          new BranchMessage.OpenAccount(
              "t", "Name", any(List.of(TestBank.CZK, TestBank.EUR)), anyLong());
      case 1 -> new BranchMessage.CloseAccount("t", anyAccount(TestBank.A));
      case 2 ->
          new BranchMessage.PayCashIn(
              "t", anyAccount(TestBank.A), anyAmount(), "r" + random.nextInt(9));
      case 3 ->
          new BranchMessage.PayCashOut(
              "t", anyAccount(TestBank.A), anyAmount(), "r" + random.nextInt(9));
      case 4 ->
          new BranchMessage.IssueActivationCode("t", anyAccount(TestBank.A), Bytes.utf8("short"));
      default -> new BranchMessage.UnlinkDeviceOfCustomer("t", anyAccount(TestBank.A), "nonsense");
    };
  }

  private LedgerInput anyInput() {
    BankId peer = any(List.of(TestBank.A, TestBank.B, TestBank.GONE));
    int partition = any(List.of(Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE));
    Transfer transfer =
        new Transfer(
            Math.max(1, anyLong()),
            Bytes.of(new byte[16]),
            anyPayment(other, any(List.of(TestBank.A, TestBank.B))));
    return switch (random.nextInt(5)) {
      case 0 -> {
        var keys = TestBank.keys(anyDevice());
        yield new LedgerInput.FromDevice(
            bank.reference(),
            keys.deviceId(),
            KeyId.ofSpki(keys.signing()),
            bank.nextMessageId(),
            anyLong(),
            anyTime(),
            anyTime(),
            anyDeviceMessage());
      }
      case 1 ->
          new LedgerInput.FromBranch(
              bank.reference(),
              "b" + random.nextInt(3),
              bank.nextMessageId(),
              anyLong(),
              anyTime(),
              anyTime(),
              anyBranchMessage());
      case 2 ->
          new LedgerInput.TransferReceived(
              bank.reference(), peer, partition, "n", random.nextBoolean(), anyLong(), transfer);
      case 3 ->
          new LedgerInput.ReportReceived(
              bank.reference(),
              peer,
              partition,
              "n",
              TestBank.answer(transfer, random.nextBoolean() ? ReasonCode.AC01 : null),
              new ChainHead(
                  any(List.of(peer, TestBank.GONE)), partition, anyLong(), transfer.digest()),
              "signed");
      default ->
          new LedgerInput.ResolutionPublished(
              bank.reference(),
              peer,
              random.nextBoolean() ? 0 : partition,
              any(List.of(TestBank.A, TestBank.B)),
              0,
              anyLong(),
              random.nextBoolean() ? transfer.digest() : Bytes.utf8("?"),
              random.nextBoolean(),
              "statement");
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void isDecidedWithoutHarm(long seed) {
    random = new Random(seed);
    for (int block = 0; block < 60; block++) {
      List<LedgerInput> inputs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        inputs.add(anyInput());
      }
      assertThat(bank.take(inputs)).hasSize(inputs.size());
    }
  }
}
