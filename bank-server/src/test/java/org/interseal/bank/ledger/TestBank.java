package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * A bank that lives in memory. Every block that it makes is encoded, decoded, checked and folded
 * again, and every invariant is checked: a test that uses it tests these too.
 */
final class TestBank {
  static final CurrencyCode CZK = new CurrencyCode("CZK");
  static final CurrencyCode EUR = new CurrencyCode("EUR");
  static final BankId A = new BankId("AAAAXX00");
  static final BankId B = new BankId("BBBBXX00");
  static final BankId GONE = new BankId("GONEXX00");
  static final String BRANCH = "main-street";

  /** Noon of 2026-11-02. */
  static final long START_MILLIS =
      LocalDate.of(2026, 11, 2).toEpochDay() * 86_400_000L + 43_200_000L;

  static final long HOUR_MILLIS = 3_600_000L;

  final BankId id;
  final List<BlockBody> blocks = new ArrayList<>();
  private final Map<String, Long> numbers = new HashMap<>();
  LedgerState state;
  long now = START_MILLIS;
  private long serial;

  /** What the last block owes, spelled out. */
  List<OutgoingMessage> messages = List.of();

  TestBank(BankId id) {
    this(id, 0);
  }

  private TestBank(BankId id, int partition) {
    this.id = id;
    this.state = Ledger.empty(id, partition);
  }

  /** One of several partitions of a bank with generous terms, that knows A so, and B with one. */
  static TestBank partition(int partition, int partitions) {
    TestBank bank = new TestBank(A, partition);
    bank.take(
        new LedgerInput.TermsSet("terms", terms()),
        new LedgerInput.RegistryObserved("registry", 1, Map.of(A, partitions, B, 1)));
    return bank;
  }

  /** A bank with generous terms, that knows A and B with one partition each. */
  static TestBank founded(BankId id) {
    TestBank bank = new TestBank(id);
    bank.take(
        new LedgerInput.TermsSet("terms", terms()),
        new LedgerInput.RegistryObserved("registry", 1, Map.of(A, 1, B, 1)));
    return bank;
  }

  static LedgerTerms terms() {
    return new LedgerTerms(
        List.of(CZK, EUR), 1_000_000_00, 2_000_000_00, 9_000_000_00, 5_000_000_00, Map.of(), 1_000);
  }

  void setTerms(LedgerTerms terms) {
    take(new LedgerInput.TermsSet(reference(), terms));
  }

  String reference() {
    serial++;
    return "submission-" + id.institution() + serial + "/0";
  }

  Bytes nextMessageId() {
    serial++;
    return Bytes.sha256(Bytes.utf8(id + " message " + serial)).prefix(16);
  }

  /** Makes one block of these inputs and everything that a block must survive. */
  List<Decision> take(LedgerInput... inputs) {
    return take(Arrays.asList(inputs));
  }

  List<Decision> take(List<? extends LedgerInput> inputs) {
    BlockDraft draft = new BlockDraft(state, 0, now);
    List<Decision> decisions = new ArrayList<>();
    for (LedgerInput input : inputs) {
      decisions.add(draft.add(input).orElseThrow());
    }
    BlockBody body = draft.body(new Position(now, ""), state.height(), null);
    LedgerState after = draft.after(body);
    assertThat(BlockRules.check(body)).isEmpty();
    BlockBody read = decoded(BlockCodec.encode(body));
    assertThat(read).isEqualTo(body);
    assertThat(Ledger.fold(state, read, state.height() + 1)).isEqualTo(after);
    assertThat(LedgerInvariants.check(after)).isEmpty();
    state = after;
    blocks.add(body);
    messages = OwedMessages.resolveAll(body, state::device);
    return decisions;
  }

  private static BlockBody decoded(Bytes json) {
    try {
      return BlockCodec.decode(json);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  /** Puts ledger time forward. */
  void pass(long millis) {
    now += millis;
  }

  Optional<BlockBody> block(long height) {
    return height >= 1 && height <= blocks.size()
        ? Optional.of(blocks.get((int) height - 1))
        : Optional.empty();
  }

  // Branches.

  LedgerInput.FromBranch fromBranch(BranchMessage message) {
    return fromBranch(BRANCH, numbers.merge("branch", 1L, Long::sum), message);
  }

  LedgerInput.FromBranch fromBranch(String branch, long number, BranchMessage message) {
    return new LedgerInput.FromBranch(
        reference(), branch, nextMessageId(), number, now, now + HOUR_MILLIS, message);
  }

  Decision branch(BranchMessage message) {
    return take(fromBranch(message)).getFirst();
  }

  Iban open(String name, CurrencyCode currency) {
    branch(new BranchMessage.OpenAccount("t1", name, currency, null));
    return ((BranchNotice.AccountOpened) branchNotice()).account();
  }

  /** An account with that much CZK on it. */
  Iban funded(String name, long amountMinor) {
    Iban account = open(name, CZK);
    if (amountMinor > 0) {
      assertThat(payIn(account, amountMinor, "fund " + account).outcome())
          .isEqualTo(Outcomes.ACCEPTED);
    }
    return account;
  }

  Decision payIn(Iban account, long amountMinor, String reference) {
    return branch(
        new BranchMessage.PayCashIn("t1", account, new Money(amountMinor, CZK), cut(reference)));
  }

  Decision payOut(Iban account, long amountMinor, String reference) {
    return branch(
        new BranchMessage.PayCashOut("t1", account, new Money(amountMinor, CZK), cut(reference)));
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(35, text.length()));
  }

  BranchNotice branchNotice() {
    return messages.stream()
        .filter(OutgoingMessage.ToBranch.class::isInstance)
        .map(m -> ((OutgoingMessage.ToBranch) m).notice())
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  // Devices.

  static DeviceKeys keys(String name) {
    return new DeviceKeys(
        Bytes.utf8("signing " + name),
        Bytes.utf8("encryption " + name),
        Bytes.utf8("request " + name));
  }

  static Bytes secret(String name) {
    return Bytes.sha256(Bytes.utf8(name)).prefix(ActivationCode.SECRET_BYTES);
  }

  void issueCode(Iban account, Bytes secret) {
    branch(
        new BranchMessage.IssueActivationCode("t1", account, ActivationCode.hash(account, secret)));
  }

  /** A linked device with keys named after it. */
  String enrol(Iban account, String name) {
    Bytes secret = secret(name);
    issueCode(account, secret);
    assertThat(device(keys(name), activation(account, secret, name)).outcome())
        .isEqualTo(Outcomes.ACCEPTED);
    return keys(name).deviceId();
  }

  static DeviceMessage.ActivateDevice activation(Iban account, Bytes secret, String name) {
    return new DeviceMessage.ActivateDevice(account, secret, keys(name), "Phone of " + name);
  }

  LedgerInput.FromDevice fromDevice(DeviceKeys keys, long number, DeviceMessage message) {
    return new LedgerInput.FromDevice(
        reference(),
        keys.deviceId(),
        KeyId.ofSpki(keys.signing()),
        nextMessageId(),
        number,
        now,
        now + HOUR_MILLIS,
        message);
  }

  LedgerInput.FromDevice fromDevice(String name, DeviceMessage message) {
    DeviceKeys keys = keys(name);
    return fromDevice(keys, numbers.merge(keys.deviceId(), 1L, Long::sum), message);
  }

  Decision device(DeviceKeys keys, DeviceMessage message) {
    return take(fromDevice(keys, numbers.merge(keys.deviceId(), 1L, Long::sum), message))
        .getFirst();
  }

  Decision device(String name, DeviceMessage message) {
    return device(keys(name), message);
  }

  /** Notices that the last block owes to that device. */
  List<DeviceNotice> notices(String name) {
    String deviceId = keys(name).deviceId();
    return messages.stream()
        .filter(m -> m instanceof OutgoingMessage.ToDevice to && to.deviceId().equals(deviceId))
        .map(m -> ((OutgoingMessage.ToDevice) m).notice())
        .toList();
  }

  DeviceNotice.PaymentStatus status(String name) {
    return notices(name).stream()
        .filter(DeviceNotice.PaymentStatus.class::isInstance)
        .map(DeviceNotice.PaymentStatus.class::cast)
        .findFirst()
        .orElseThrow();
  }

  // Payments.

  Payment payment(String instructionId, Iban from, Iban to, BankId toBank, long amountMinor) {
    return new Payment(
        instructionId,
        "e2e-" + instructionId,
        UUID.fromString(
            "00000000-0000-4000-8000-" + String.format("%012x", instructionId.hashCode())),
        new PartyAccount("Payer", from, id),
        new PartyAccount("Payee", to, toBank),
        new Money(amountMinor, CZK),
        null,
        "for " + instructionId,
        null,
        ChargeBearer.SLEV,
        LocalDate.ofEpochDay(Math.floorDiv(now, 86_400_000L)));
  }

  Decision pay(String deviceName, Payment payment) {
    return device(deviceName, new DeviceMessage.InstructPayment(payment));
  }

  // Other banks.

  LedgerInput.TransferReceived transfer(BankId source, long lowestUnanswered, Transfer transfer) {
    return new LedgerInput.TransferReceived(
        reference(), source, 0, "node-1", true, lowestUnanswered, transfer);
  }

  LedgerInput.ReportReceived report(BankId from, Report report, long headHeight) {
    return report(
        from,
        report,
        new ChainHead(
            from, 0, headHeight, Bytes.sha256(Bytes.utf8(from + " block " + headHeight))));
  }

  LedgerInput.ReportReceived report(BankId from, Report report, ChainHead head) {
    return new LedgerInput.ReportReceived(
        reference(), from, 0, "node-1", report, head, "signed " + head.height());
  }

  static Report answer(Transfer transfer, @Nullable ReasonCode reason) {
    return new Report(
        transfer.number(),
        transfer.digest(),
        reason == null ? TransactionStatus.ACCC : TransactionStatus.RJCT,
        reason);
  }

  List<Transfer> transfersOwed() {
    return messages.stream()
        .filter(OutgoingMessage.TransferTo.class::isInstance)
        .map(m -> ((OutgoingMessage.TransferTo) m).transfer())
        .toList();
  }

  List<Report> reportsOwed() {
    return messages.stream()
        .filter(OutgoingMessage.ReportTo.class::isInstance)
        .map(m -> ((OutgoingMessage.ReportTo) m).report())
        .toList();
  }

  long booked(Iban account) {
    return state.balanceMinor(new LedgerAccount.Customer(account), CZK);
  }

  long inFlight(BankId bank) {
    return state.balanceMinor(new LedgerAccount.InFlight(bank), CZK);
  }

  long position(BankId bank) {
    return state.balanceMinor(new LedgerAccount.Position(bank), CZK);
  }

  long cash() {
    return -state.balanceMinor(new LedgerAccount.Cash(BRANCH), CZK);
  }
}
