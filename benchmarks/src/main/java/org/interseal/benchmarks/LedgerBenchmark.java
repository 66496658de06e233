package org.interseal.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.BlockDraft;
import org.interseal.bank.ledger.BlockSlot;
import org.interseal.bank.ledger.Decision;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.store.Position;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An interbank payment at the payer's bank: one decision applied, and whole blocks of them filled,
 * spelled, read and folded. All scores are payments per second. With more accounts they should
 * hardly change.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LedgerBenchmark {
  private static final BankId A = new BankId("BKAAXX00");
  private static final BankId B = new BankId("BKABXX00");
  private static final CurrencyCode CZK = new CurrencyCode("CZK");
  private static final long NOW_MILLIS = 1_800_000_000_000L;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int ITEMS = 200;

  @Param({"100", "100000"})
  int accounts;

  private LedgerState state = Ledger.empty(A, 0);
  private List<LedgerInput> payments = List.of();
  private BlockBody block = emptyBody();
  private Bytes encoded = Bytes.of(new byte[0]);

  private static BlockBody emptyBody() {
    return new BlockBody(
        BlockBody.VERSION, 0, 0, Position.START, List.of(), List.of(), List.of(), 0, null);
  }

  /**
   * A bank with that many funded accounts, each with a device, and a block of payments to another
   * bank.
   */
  @Setup
  public void open() {
    LedgerTerms terms =
        new LedgerTerms(
            List.of(CZK),
            1_000_000_00,
            1_000_000_000_00L,
            9_000_000_000_000_00L,
            9_000_000_000_000_00L,
            Map.of(),
            100_000);
    List<LedgerInput> first = new ArrayList<>();
    first.add(new LedgerInput.TermsSet("terms", terms));
    first.add(new LedgerInput.RegistryObserved("registry", 1, Map.of(A, 1, B, 1)));
    state = Ledger.empty(A, 0);
    fold(first);
    long number = 1;
    for (int from = 1; from <= accounts; from += ITEMS) {
      List<LedgerInput> inputs = new ArrayList<>();
      for (long n = from; n < Math.min(from + ITEMS, accounts + 1); n++) {
        Iban account = Iban.of(A, 0, n);
        Bytes secret = Bytes.sha256(utf8("secret " + n)).prefix(ActivationCode.SECRET_BYTES);
        inputs.add(
            branch(number++, new BranchMessage.OpenAccount("teller", "Customer " + n, CZK, n)));
        inputs.add(
            branch(
                number++,
                new BranchMessage.PayCashIn(
                    "teller", account, new Money(1_000_000, CZK), "fund " + n)));
        inputs.add(
            branch(
                number++,
                new BranchMessage.IssueActivationCode(
                    "teller", account, ActivationCode.hash(account, secret))));
        inputs.add(
            device(n, 1, new DeviceMessage.ActivateDevice(account, secret, keys(n), "Phone " + n)));
      }
      fold(inputs);
    }
    payments = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      long n = 1 + (long) i * accounts / ITEMS;
      payments.add(device(n, 2 + i, new DeviceMessage.InstructPayment(payment(n, i))));
    }
    BlockDraft draft = filled();
    block = body(draft);
    encoded = BlockCodec.encode(block);
    if (block.events().stream().filter(LedgerEvent.TransferSent.class::isInstance).count()
        != ITEMS) {
      throw new IllegalStateException("not every payment was sent: " + block.events());
    }
  }

  private void fold(List<LedgerInput> inputs) {
    List<LedgerInput> left = new ArrayList<>(inputs);
    while (!left.isEmpty()) {
      BlockDraft draft = new BlockDraft(state, 0, NOW_MILLIS);
      while (!left.isEmpty() && draft.add(left.getFirst()).isPresent()) {
        left.removeFirst();
      }
      state = draft.after(body(draft));
    }
  }

  private BlockBody body(BlockDraft draft) {
    return draft.body(new Position(NOW_MILLIS, ""), state.height(), null);
  }

  private static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static DeviceKeys keys(long n) {
    return new DeviceKeys(utf8("signing " + n), utf8("encryption " + n), utf8("request " + n));
  }

  private static LedgerInput branch(long number, BranchMessage message) {
    return new LedgerInput.FromBranch(
        "branch" + number + "/0",
        "branch-1",
        Bytes.sha256(utf8("branch message " + number)).prefix(16),
        number,
        NOW_MILLIS,
        NOW_MILLIS + HOUR_MILLIS,
        message);
  }

  private static LedgerInput device(long n, long number, DeviceMessage message) {
    DeviceKeys keys = keys(n);
    return new LedgerInput.FromDevice(
        "device" + n + "." + number + "/0",
        keys.deviceId(),
        KeyId.ofSpki(keys.signing()),
        Bytes.sha256(utf8("device message " + n + " " + number)).prefix(16),
        number,
        NOW_MILLIS,
        NOW_MILLIS + HOUR_MILLIS,
        message);
  }

  private static Payment payment(long n, int i) {
    return new Payment(
        "instruction " + i,
        "end to end " + i,
        new UUID(0x4000L, 0x8000000000000000L | i),
        new PartyAccount("Customer " + n, Iban.of(A, 0, n), A),
        new PartyAccount("Payee " + i, Iban.of(B, 0, 1 + i), B),
        new Money(100, CZK),
        null,
        "for the benchmark " + i,
        null,
        ChargeBearer.SLEV,
        LocalDate.ofEpochDay(NOW_MILLIS / 86_400_000L));
  }

  private BlockDraft filled() {
    BlockDraft draft = new BlockDraft(state, 0, NOW_MILLIS);
    for (LedgerInput payment : payments) {
      Optional<Decision> decision = draft.add(payment);
      if (decision.isEmpty()) {
        throw new IllegalStateException("the block is too small for " + ITEMS + " payments");
      }
    }
    return draft;
  }

  /** Decides one payment and applies its events. */
  @Benchmark
  public LedgerState decidedAndApplied() {
    Decision decision =
        Ledger.decide(
            state, payments.getFirst(), NOW_MILLIS, new BlockSlot(A, 0, state.height() + 1, 0, 0));
    LedgerState next = state;
    for (LedgerEvent event : decision.events()) {
      next = Ledger.apply(next, event, NOW_MILLIS);
    }
    return next;
  }

  /** Fills a block with payments: decisions, events, and the count of its bytes. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public BlockBody blockFilled() {
    return body(filled());
  }

  /** Spells a block of payments. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public Bytes blockEncoded() {
    return BlockCodec.encode(block);
  }

  /** Reads a block of payments. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public BlockBody blockDecoded() throws MalformedMessage {
    return BlockCodec.decode(encoded);
  }

  /** Folds a block of payments, as a restart or a follower does. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public LedgerState blockFolded() {
    return Ledger.fold(state, block, state.height() + 1);
  }
}
