package org.interseal.bank.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.interseal.bank.ledger.WalkAuthority.Numbered;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;

/**
 * Two banks and a network that loses, doubles, delays and re-orders everything. After every step
 * money is conserved, and what the banks say of each other agrees but for what is on its way.
 * Meanwhile the authority suspends and reinstates them, and resolves what waits for a bank that is
 * gone.
 */
final class FederationWalk {
  private static final int ACCOUNTS = 3;

  private final Random random;
  final TestBank a = TestBank.founded(TestBank.A);
  final TestBank b = TestBank.founded(TestBank.B);
  private final Map<BankId, List<Iban>> accounts = new HashMap<>();
  private final List<LedgerInput> toA = new ArrayList<>();
  private final List<LedgerInput> toB = new ArrayList<>();

  /** Everything that a customer ever instructed, by account and reference. */
  private final Map<String, Payment> instructed = new HashMap<>();

  private final Map<Iban, Long> paidIn = new HashMap<>();
  final WalkAuthority authority;

  /** What was credited at its target. */
  private final Set<Numbered> credited = new HashSet<>();

  /** What its source has settled by a resolution and its target has not credited yet. */
  private final Map<Numbered, Payment> awaited = new HashMap<>();

  private final Set<Payment> inSuspense = new HashSet<>();
  private int serial;

  FederationWalk(long seed) {
    random = new Random(seed);
    authority = new WalkAuthority(random, List.of(a, b));
    for (TestBank bank : List.of(a, b)) {
      bank.setTerms(
          new LedgerTerms(List.of(TestBank.CZK), 500, 100_000, 1_000_000, 2_000, Map.of(), 20));
      List<Iban> opened = new ArrayList<>();
      for (int i = 0; i < ACCOUNTS; i++) {
        Iban account = bank.funded("Customer " + i, 5_000);
        bank.enrol(account, device(bank, account));
        paidIn.put(account, 5_000L);
        opened.add(account);
      }
      accounts.put(bank.id, opened);
    }
  }

  private static String device(TestBank bank, Iban account) {
    return "device " + bank.id + account.number();
  }

  private TestBank other(TestBank bank) {
    return bank == a ? b : a;
  }

  private List<LedgerInput> networkTo(TestBank bank) {
    return bank == a ? toA : toB;
  }

  private Iban account(TestBank bank) {
    List<Iban> all = accounts.getOrDefault(bank.id, List.of());
    int i = random.nextInt(ACCOUNTS + 1);
    return i < ACCOUNTS ? all.get(i) : Iban.of(bank.id, 0, 999);
  }

  void step() {
    TestBank bank = random.nextBoolean() ? a : b;
    bank.pass(random.nextInt(5_000));
    int what = random.nextInt(22);
    if (what < authority.urgency(bank)) {
      if (authority.act(bank)) {
        readRegistry(bank);
      }
    } else if (!authority.isGone(bank)) {
      switch (what) {
        case 0, 1, 2, 3 -> readRegistry(bank);
        case 4, 5, 6, 7, 8, 9 -> instruct(bank);
        case 10, 11, 12, 13, 14, 15 -> deliver(bank);
        case 16, 17 -> resend(bank);
        case 18, 19 -> restart(bank);
        default -> cash(bank);
      }
    }
    check();
  }

  private void readRegistry(TestBank bank) {
    send(bank, authority.unread(bank));
  }

  private void instruct(TestBank bank) {
    List<LedgerInput> inputs = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      TestBank target = random.nextInt(4) == 0 ? bank : other(bank);
      Iban from = accounts.getOrDefault(bank.id, List.of()).get(random.nextInt(ACCOUNTS));
      // Sometimes the same reference again, with the same content or another.
      String reference =
          random.nextInt(5) == 0 ? "ref" + random.nextInt(serial + 1) : "ref" + serial++;
      Payment payment =
          bank.payment(reference, from, account(target), target.id, 1 + random.nextInt(600));
      Payment before = instructed.get(from + reference);
      Payment now = before != null && random.nextBoolean() ? before : payment;
      instructed.putIfAbsent(from + reference, now);
      LedgerInput input =
          bank.fromDevice(device(bank, from), new DeviceMessage.InstructPayment(now));
      inputs.add(input);
      if (random.nextInt(4) == 0) {
        inputs.add(input);
      }
    }
    send(bank, inputs);
  }

  private void deliver(TestBank bank) {
    List<LedgerInput> network = networkTo(bank);
    List<LedgerInput> inputs = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0 && !network.isEmpty(); i--) {
      int at = random.nextInt(network.size());
      LedgerInput input = network.get(at);
      switch (random.nextInt(4)) {
        case 0 -> network.remove(at); // lost
        case 1 -> inputs.add(input); // delivered, and again later
        default -> {
          network.remove(at);
          inputs.add(input);
        }
      }
    }
    send(bank, inputs);
  }

  /** One block of these inputs; what it owes to the other bank goes to the network. */
  private void send(TestBank bank, List<LedgerInput> inputs) {
    if (random.nextInt(5) == 0) {
      // Decided, and lost before it was appended.
      BlockDraft draft = new BlockDraft(bank.state, 0, bank.now);
      inputs.reversed().forEach(draft::add);
    }
    bank.take(inputs);
    TestBank target = other(bank);
    for (LedgerEvent event : bank.blocks.getLast().events()) {
      note(bank, event, authority.hasLicensed(bank));
    }
    for (Transfer transfer : bank.transfersOwed()) {
      networkTo(target).add(sealed(bank, transfer));
    }
    for (Report report : bank.reportsOwed()) {
      networkTo(target).add(target.report(bank.id, report, bank.state.height()));
    }
  }

  /** Follows what counts as arrived to where it arrives; a suspended bank takes on nothing else. */
  private void note(TestBank bank, LedgerEvent event, boolean mayTakeOn) {
    switch (event) {
      case LedgerEvent.TransferSent e ->
          assertThat(mayTakeOn).as("a suspended bank sends nothing").isTrue();
      case LedgerEvent.TransferSettled e -> {
        Numbered transfer = new Numbered(bank.id, e.target().bank(), e.number());
        if (!credited.contains(transfer)) {
          assertThat(e.resolution())
              .as("only the authority settles what has not arrived")
              .isNotNull();
          awaited.put(transfer, paymentOf(e.payment()));
        }
      }
      case LedgerEvent.TransferCredited e -> {
        Numbered transfer = new Numbered(e.source().bank(), bank.id, e.transfer().number());
        assertThat(mayTakeOn || authority.toldSettled(bank.id, transfer))
            .as("a suspended bank takes nothing on but what the authority counts as arrived")
            .isTrue();
        assertThat(credited.add(transfer)).as("credited once").isTrue();
        awaited.remove(transfer);
        if (e.postings().getLast().account() instanceof LedgerAccount.Suspense) {
          inSuspense.add(e.transfer().payment());
        }
      }
      default -> {}
    }
  }

  private Payment paymentOf(PaymentReference reference) {
    return Objects.requireNonNull(instructed.get(reference.account() + reference.instructionId()));
  }

  private LedgerInput sealed(TestBank bank, Transfer transfer) {
    TestBank target = other(bank);
    long lowest = bank.state.lowestUnanswered(new Peer(target.id, 0));
    return target.transfer(bank.id, Math.min(lowest, transfer.number()), transfer);
  }

  private void resend(TestBank bank) {
    List<LedgerInput> network = networkTo(other(bank));
    if (network.size() < 60) {
      bank.state.outstanding().forEach(t -> network.add(sealed(bank, t.transfer())));
    }
  }

  private static void restart(TestBank bank) {
    try {
      bank.state = SnapshotCodec.decode(SnapshotCodec.encode(bank.state));
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  private void cash(TestBank bank) {
    Iban account = accounts.getOrDefault(bank.id, List.of()).get(random.nextInt(ACCOUNTS));
    String reference = "slip " + random.nextInt(50);
    boolean in = random.nextBoolean();
    long amount = 1L + random.nextInt(400);
    Decision decision =
        in ? bank.payIn(account, amount, reference) : bank.payOut(account, amount, reference);
    if (decision.outcome().equals(Outcomes.ACCEPTED)) {
      paidIn.merge(account, in ? amount : -amount, Long::sum);
    }
    if (random.nextInt(10) == 0) {
      bank.branch(new BranchMessage.ListDevices("t1", account));
    }
  }

  /** Resends and delivers without loss until every transfer has its answer. */
  void calmDown() {
    authority.calmDown();
    readRegistry(a);
    readRegistry(b);
    for (int round = 0;
        round < 50 && a.state.outstandingCount() + b.state.outstandingCount() > 0;
        round++) {
      for (TestBank bank : List.of(a, b)) {
        resend(bank);
        TestBank target = other(bank);
        List<LedgerInput> network = networkTo(target);
        while (!network.isEmpty()) {
          List<LedgerInput> some = network.subList(0, Math.min(50, network.size()));
          List<LedgerInput> inputs = List.copyOf(some);
          some.clear();
          send(target, inputs);
          check();
        }
      }
    }
    assertThat(a.state.outstandingCount() + b.state.outstandingCount()).isZero();
  }

  /** Conservation and mirrored accounts, at any moment. */
  void check() {
    long arrived = arrivedButUnreported(a, b) + arrivedButUnreported(b, a);
    long waiting = awaited.values().stream().mapToLong(p -> p.amount().amountMinor()).sum();
    assertThat(a.position(b.id) + b.position(a.id))
        .as("positions mirror each other")
        .isEqualTo(waiting - arrived);
    long customers = total(a) + total(b) + suspense(a) + suspense(b);
    long flying = a.inFlight(b.id) + b.inFlight(a.id) - arrived;
    assertThat(customers + flying + waiting)
        .as("all money came in as cash")
        .isEqualTo(a.cash() + b.cash());
    for (TestBank bank : List.of(a, b)) {
      assertThat(LedgerInvariants.check(bank.state)).isEmpty();
      assertThat(inFlight(bank)).as("in flight is what is unanswered").isEqualTo(unanswered(bank));
    }
    awaited.forEach((transfer, payment) ->
        assertThat(isAwaited(transfer) || !authority.toldSettled(transfer.target(), transfer))
            .as("what counts as arrived is awaited")
            .isTrue());
  }

  private boolean isAwaited(Numbered transfer) {
    TestBank target = transfer.target().equals(a.id) ? a : b;
    return target
        .state
        .parts()
        .incomingFrom(new Peer(transfer.source(), 0))
        .awaited()
        .containsKey(transfer.number());
  }

  private static Map<String, Long> inFlight(TestBank bank) {
    return bank.state
        .ownBalances()
        .filter(own -> own.account() instanceof LedgerAccount.InFlight)
        .collect(
            Collectors.toMap(
                own -> own.account().key() + " " + own.currency(),
                LedgerState.OwnBalance::balanceMinor));
  }

  private static Map<String, Long> unanswered(TestBank bank) {
    return bank.state
        .outstanding()
        .collect(
            Collectors.groupingBy(
                t ->
                    new LedgerAccount.InFlight(t.target().bank()).key()
                        + " "
                        + t.transfer().payment().amount().currency(),
                Collectors.summingLong(t -> t.transfer().payment().amount().amountMinor())));
  }

  private static long suspense(TestBank bank) {
    return bank.state.balanceMinor(new LedgerAccount.Suspense(), TestBank.CZK);
  }

  private static long total(TestBank bank) {
    return bank.state.customerTotals().getOrDefault(TestBank.CZK, 0L);
  }

  private static long arrivedButUnreported(TestBank source, TestBank target) {
    IncomingPair pair = target.state.parts().incomingFrom(new Peer(source.id, 0));
    return source
        .state
        .outstanding()
        .filter(t -> {
          IncomingPair.Received received = pair.received().get(t.transfer().number());
          return received != null && received.reason() == null;
        })
        .mapToLong(t -> t.transfer().payment().amount().amountMinor())
        .sum();
  }

  /** How many transfers without a payee went to suspense. */
  int keptInSuspense() {
    return inSuspense.size();
  }

  /**
   * Every balance is what came in as cash, plus and minus each instruction once, by its final
   * answer.
   */
  void checkExactlyOnce() {
    Map<Iban, Long> expected = new HashMap<>(paidIn);
    for (Payment payment : instructed.values()) {
      TestBank bank = payment.debtor().agent().equals(a.id) ? a : b;
      References.Remembered answer =
          bank.state.parts().references().byKey().get(ReferenceMark.ofInstruction(payment).key());
      if (!(answer instanceof References.Instruction instruction)) {
        throw new AssertionError("an instruction without an answer");
      }
      if (instruction.status() == TransactionStatus.ACCC) {
        long amount = payment.amount().amountMinor();
        expected.merge(payment.debtor().account(), -amount, Long::sum);
        if (!inSuspense.contains(payment) && !awaited.containsValue(payment)) {
          expected.merge(payment.creditor().account(), amount, Long::sum);
        }
      }
    }
    expected.forEach((account, balance) ->
        assertThat((account.isAt(a.id) ? a : b).booked(account))
            .as("balance of %s", account)
            .isEqualTo(balance));
  }
}
