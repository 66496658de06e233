package org.interseal.client;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;

/**
 * A customer's device in dialogue with its bank. Thread-safe; every call is asynchronous and
 * bounded by its deadline.
 *
 * <p>Guarantees: see the package. A deadline that passes leaves the letter with the device, and
 * {@link #resend} sends the same bytes again; making the same payment anew is harmless too, since
 * the bank goes by its instruction id.
 */
public final class Device implements AutoCloseable {
  /** Most pages of one statement. */
  static final int MAX_STATEMENT_PAGES = 1_000;

  private static final Duration FIRST_QUERY_PAUSE = Duration.ofMillis(500);

  private final BankClient bank;
  private final DeviceMemory memory;
  private final Dialogue dialogue;
  private final List<Consumer<DeviceNotice>> listeners = new CopyOnWriteArrayList<>();
  private final Map<PaymentKey, CompletableFuture<PaymentOutcome>> payments =
      new ConcurrentHashMap<>();

  private record PaymentKey(Iban account, String instructionId) {}

  private Device(BankClient bank, DeviceMemory memory) {
    this.bank = bank;
    this.memory = memory;
    this.dialogue = new Dialogue(bank, memory, this::noticed, _ -> {});
  }

  /**
   * A device that belongs to this bank already.
   *
   * @throws IllegalArgumentException when its profile names another bank, or none
   */
  public static Device of(BankClient bank, DeviceMemory memory) {
    if (!bank.bank().equals(memory.profile().bank())) {
      throw new IllegalArgumentException("the device does not belong to the bank " + bank.bank());
    }
    return new Device(bank, memory);
  }

  /**
   * Links a device with a code from a branch. May be repeated with the same memory until it is
   * answered.
   *
   * @param bank connected with the code's root fingerprint
   * @throws IllegalArgumentException when the code is for another bank, or the device is linked to
   *     accounts elsewhere: partitions of a bank know nothing of each other's devices, and a device
   *     numbers its letters for one
   */
  public static CompletableFuture<Reply<Device>> activate(
      BankClient bank,
      DeviceMemory memory,
      ActivationCode code,
      String deviceName,
      Duration deadline) {
    if (!bank.root().fingerprint().equals(code.rootFingerprint())
        || !code.account().isAt(bank.bank())) {
      throw new IllegalArgumentException("the activation code is for another bank");
    }
    if (linkedElsewhere(memory.profile(), code.account())) {
      throw new IllegalArgumentException(
          "this device is linked to an account that "
              + code.account()
              + " cannot share a device with: use a new device");
    }
    Device device = prepared(bank, memory, code.account(), deviceName);
    DeviceMessage message =
        new DeviceMessage.ActivateDevice(
            code.account(), code.secret(), memory.keys().publicKeys(), deviceName);
    return device
        .ask(message, code.account().partition(), deadline, DeviceNotice.DeviceLinked.class)
        .thenApply(reply -> reply.map(_ -> device));
  }

  private static boolean linkedElsewhere(DeviceProfile profile, Iban account) {
    return profile.linked()
        && profile.accounts().stream()
            .anyMatch(known ->
                !known.institution().equals(account.institution())
                    || known.partition() != account.partition());
  }

  /**
   * A device that a linked device of the same customer approves; until then the bank refuses what
   * it sends.
   */
  public static Device prepared(
      BankClient bank, DeviceMemory memory, Iban account, String deviceName) {
    var _ =
        memory.change(profile ->
            profile.at(
                bank.bank(), bank.gateways(), bank.root().der(), deviceName, List.of(account)));
    return new Device(bank, memory);
  }

  public String deviceId() {
    return memory.keys().deviceId();
  }

  public DeviceKeys publicKeys() {
    return memory.keys().publicKeys();
  }

  public DeviceProfile profile() {
    return memory.profile();
  }

  /**
   * Calls {@code listener} for every notice that is new to this device, in order, on some thread.
   */
  public void onNotice(Consumer<DeviceNotice> listener) {
    listeners.add(listener);
  }

  /** How many envelopes were not believed so far. */
  public long refusedEnvelopes() {
    return dialogue.mailbox().refused();
  }

  /** Instructs a payment. */
  public PaymentInProgress pay(Payment payment, Duration deadline) {
    PaymentKey key = new PaymentKey(payment.debtor().account(), payment.instructionId());
    CompletableFuture<PaymentOutcome> last =
        payments.computeIfAbsent(key, _ -> new CompletableFuture<>());
    Instant until = bank.runtime().clock().instant().plus(deadline);
    CompletableFuture<PaymentOutcome> first =
        dialogue
            .ask(
                new DeviceMessage.InstructPayment(payment),
                payment.debtor().account().partition(),
                deadline)
            .thenApply(Device::outcome);
    CompletableFuture<PaymentOutcome> settled =
        first.thenCompose(outcome -> {
          if (outcome.isFinal()) {
            payments.remove(key, last);
            last.complete(outcome);
          } else if (outcome instanceof PaymentOutcome.Accepted) {
            dialogue.pollFor(last, until, Duration.ofMillis(100));
          }
          // Nobody looks for the answer to what no gateway takes: there is nothing to wait for.
          long leftMillis =
              outcome instanceof PaymentOutcome.Unanswered
                  ? 0
                  : Math.max(
                      0, Duration.between(bank.runtime().clock().instant(), until).toMillis());
          return last.copy()
              .completeOnTimeout(outcome, leftMillis, TimeUnit.MILLISECONDS)
              .whenComplete((_, _) -> payments.remove(key, last));
        });
    return new PaymentInProgress(first, settled);
  }

  /**
   * Instructs a payment and completes when it is settled or rejected, or with what is known at the
   * deadline; at once when no gateway takes it.
   */
  public CompletableFuture<PaymentOutcome> payAndWait(Payment payment, Duration deadline) {
    return pay(payment, deadline).finalOutcome();
  }

  /**
   * The payment under a UETR that follows from the instruction and this device's key: the same one
   * each time, for {@link #payOnce}.
   */
  public Payment repeatable(Payment payment) {
    return RepeatablePayment.of(payment, memory.keys().signing());
  }

  /**
   * Instructs a payment at most once in the 30 days for which the bank remembers references: the
   * same payer, reference and instruction end with the outcome of the first time, also on another
   * day. Only the date may differ, so that an instruction which never reached the bank can be made
   * up for later.
   *
   * @param payment with the same UETR each time: see {@link #repeatable}
   * @return {@code AM05} when the reference stands for another instruction, or for one of another
   *     device; nothing moves then
   */
  public CompletableFuture<PaymentOutcome> payOnce(Payment payment, Duration deadline) {
    Instant until = bank.runtime().clock().instant().plus(deadline);
    return payAndWait(payment, deadline)
        .thenCompose(outcome ->
            outcome instanceof PaymentOutcome.Rejected(var reason, var status)
                    && reason == ReasonCode.AM05
                    && status.isEmpty()
                ? firstOutcome(payment, outcome, until, FIRST_QUERY_PAUSE)
                : CompletableFuture.completedFuture(outcome));
  }

  /** What became of the payment when it was instructed under another date. */
  private CompletableFuture<PaymentOutcome> firstOutcome(
      Payment payment, PaymentOutcome refusal, Instant until, Duration pause) {
    Iban account = payment.debtor().account();
    return dialogue
        .ask(
            new DeviceMessage.QueryPayment(account, payment.instructionId()),
            account.partition(),
            Duration.between(bank.runtime().clock().instant(), until))
        .thenCompose(answer -> {
          if (!(answer instanceof Dialogue.Answer.Noticed(DeviceNotice.PaymentStatus status))) {
            PaymentOutcome unknown = outcome(answer);
            return CompletableFuture.completedFuture(
                unknown instanceof PaymentOutcome.Unanswered ? unknown : refusal);
          }
          if (!status.uetr().equals(payment.uetr())) {
            return CompletableFuture.completedFuture(refusal);
          }
          PaymentOutcome known = PaymentOutcome.of(status);
          return known.isFinal() || bank.runtime().clock().instant().plus(pause).isAfter(until)
              ? CompletableFuture.completedFuture(known)
              : bank.runtime()
                  .after(pause)
                  .thenCompose(_ -> firstOutcome(payment, refusal, until, pause.multipliedBy(2)));
        });
  }

  private static PaymentOutcome outcome(Dialogue.Answer answer) {
    return switch (answer) {
      case Dialogue.Answer.Noticed(DeviceNotice.PaymentStatus status) -> PaymentOutcome.of(status);
      case Dialogue.Answer.Noticed(DeviceNotice.Refused refused) ->
          new PaymentOutcome.Rejected(refused.reason(), Optional.empty());
      case Dialogue.Answer.Noticed(DeviceNotice other) ->
          throw new IllegalStateException("answered with " + other.getClass().getSimpleName());
      case Dialogue.Answer.None none -> new PaymentOutcome.Unanswered(none.messageId(), none.why());
    };
  }

  /** Booked and available balance. */
  public CompletableFuture<Reply<DeviceNotice.Balance>> balance(Iban account, Duration deadline) {
    return ask(
        new DeviceMessage.QueryBalance(account),
        account.partition(),
        deadline,
        DeviceNotice.Balance.class);
  }

  /** The state of an earlier payment, by the customer's own reference. */
  public CompletableFuture<Reply<DeviceNotice.PaymentStatus>> queryPayment(
      Iban account, String instructionId, Duration deadline) {
    return ask(
        new DeviceMessage.QueryPayment(account, instructionId),
        account.partition(),
        deadline,
        DeviceNotice.PaymentStatus.class);
  }

  /** A whole statement; {@code deadline} bounds each of its pages. Both dates are included. */
  public CompletableFuture<Reply<AccountStatement>> statement(
      Iban account, LocalDate fromDate, LocalDate toDate, Duration deadline) {
    return page(
        new DeviceMessage.QueryStatement(account, fromDate, toDate, null), List.of(), deadline);
  }

  private CompletableFuture<Reply<AccountStatement>> page(
      DeviceMessage.QueryStatement query, List<DeviceNotice.Statement> before, Duration deadline) {
    return ask(query, query.account().partition(), deadline, DeviceNotice.Statement.class)
        .thenCompose(reply -> {
          if (!(reply
              instanceof Reply.Answered<DeviceNotice.Statement>(DeviceNotice.Statement page))) {
            return CompletableFuture.completedFuture(reply.map(Device::never));
          }
          List<DeviceNotice.Statement> pages = new ArrayList<>(before);
          pages.add(page);
          String continuation = page.continuation();
          if (continuation == null) {
            return CompletableFuture.completedFuture(new Reply.Answered<>(whole(query, pages)));
          }
          if (pages.size() >= MAX_STATEMENT_PAGES) {
            return CompletableFuture.completedFuture(
                new Reply.Unanswered<>("the statement has more pages than are read"));
          }
          return page(
              new DeviceMessage.QueryStatement(
                  query.account(), query.fromDate(), query.toDate(), continuation),
              pages,
              deadline);
        });
  }

  private static AccountStatement never(DeviceNotice.Statement page) {
    throw new IllegalStateException("only a reply without a page comes here: " + page.account());
  }

  private static AccountStatement whole(
      DeviceMessage.QueryStatement query, List<DeviceNotice.Statement> pages) {
    return new AccountStatement(
        query.account(),
        query.fromDate(),
        query.toDate(),
        Optional.ofNullable(pages.getLast().opening()),
        Optional.ofNullable(pages.getFirst().closing()),
        pages.stream().flatMap(page -> page.entries().stream()).toList(),
        pages.stream().anyMatch(page -> Boolean.TRUE.equals(page.earlierClosed())));
  }

  /** Lets another device of the same customer in. */
  public CompletableFuture<Reply<DeviceNotice.DeviceLinked>> approve(
      DeviceKeys keys, String deviceName, Duration deadline) {
    return ask(
        new DeviceMessage.ApproveDevice(keys, deviceName),
        homePartition(),
        deadline,
        DeviceNotice.DeviceLinked.class);
  }

  /** Unlinks a device of the same customer, which may be this one. */
  public CompletableFuture<Reply<DeviceNotice.DeviceUnlinked>> unlink(
      String deviceId, Duration deadline) {
    return ask(
        new DeviceMessage.UnlinkDevice(deviceId),
        homePartition(),
        deadline,
        DeviceNotice.DeviceUnlinked.class);
  }

  private int homePartition() {
    List<Iban> accounts = memory.profile().accounts();
    return accounts.isEmpty() ? 0 : accounts.getFirst().partition();
  }

  private <N extends DeviceNotice> CompletableFuture<Reply<N>> ask(
      DeviceMessage message, int partition, Duration deadline, Class<N> expected) {
    return dialogue
        .ask(message, partition, deadline)
        .thenApply(answer ->
            switch (answer) {
              case Dialogue.Answer.Noticed(DeviceNotice.Refused refused) ->
                  new Reply.Refused<>(refused.reason(), refused.detail());
              case Dialogue.Answer.Noticed(DeviceNotice notice) ->
                  expected.isInstance(notice)
                      ? new Reply.Answered<>(expected.cast(notice))
                      : new Reply.Unanswered<>("an answer of another kind");
              case Dialogue.Answer.None none -> new Reply.Unanswered<>(none.why());
            });
  }

  private void noticed(DeviceNotice notice, boolean first) {
    switch (notice) {
      case DeviceNotice.PaymentStatus status -> {
        PaymentOutcome outcome = PaymentOutcome.of(status);
        CompletableFuture<PaymentOutcome> last =
            payments.get(new PaymentKey(status.account(), status.instructionId()));
        if (last != null && outcome.isFinal()) {
          last.complete(outcome);
        }
      }
      case DeviceNotice.DeviceLinked linked -> {
        if (first) {
          linked(linked.deviceId(), true);
        }
      }
      case DeviceNotice.DeviceUnlinked unlinked -> {
        if (first) {
          linked(unlinked.deviceId(), false);
        }
      }
      case DeviceNotice.CreditReceived _,
          DeviceNotice.CashBooked _,
          DeviceNotice.Balance _,
          DeviceNotice.Statement _,
          DeviceNotice.Refused _ -> {
        // Told to the listeners alone.
      }
    }
    if (first) {
      listeners.forEach(listener -> listener.accept(notice));
    }
  }

  private void linked(String deviceId, boolean now) {
    if (deviceId.equals(deviceId()) && memory.profile().linked() != now) {
      var _ = memory.change(profile -> profile.withLinked(now));
    }
  }

  /** Fetches what is in the mailbox now and tells the listeners; how many items that were. */
  public CompletableFuture<Integer> poll() {
    return dialogue.mailbox().poll();
  }

  /** Follows the mailbox and tells the listeners, until the watch is closed. */
  public Watch watch() {
    return dialogue.watch();
  }

  /**
   * Sends every kept letter again that nobody waits for; completes when each is answered or at the
   * deadline.
   */
  public CompletableFuture<Integer> resend(Duration deadline) {
    return dialogue.resend(deadline);
  }

  /** Keeps what was noted. The bank client and its runtime belong to the caller. */
  @Override
  public void close() {
    dialogue.keepRecords();
    memory.close();
  }
}
