package org.interseal.simulation;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.interseal.client.DeviceCore;
import org.interseal.client.PendingLetter;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.registry.BankDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A customer's device: asks for payments, keeps at it until a gateway says that it has the letter
 * for good and never after, and writes down what it is told.
 */
final class SimulatedDevice {
  private static final int PAGE = 50;
  private static final long POLL_MILLIS = 700;
  private static final long RETRY_MILLIS = 400;
  private static final long REPLAY_MILLIS = 4_000;

  /** One letter in so many goes to two gateways at once. */
  private static final int ONE_IN_TWO_WAYS = 4;

  private final SimulatedProcess process;
  private final Customer customer;
  private final List<SimulatedGateway> gateways;
  private final DeviceCore core;
  private final BankDirectory directory;
  private final SplittableRandom random;
  private final Map<String, Payment> asked = new LinkedHashMap<>();
  private final Map<String, TransactionStatus> told = new HashMap<>();
  private final Map<Bytes, String> letters = new HashMap<>();
  private final List<PendingLetter> sealed = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final Set<Bytes> accepted = new HashSet<>();
  private final Set<Payment> credits = new LinkedHashSet<>();
  private String cursor = "";

  SimulatedDevice(
      SimulatedProcess process,
      Customer customer,
      List<SimulatedGateway> gateways,
      DeviceCore core,
      BankDirectory directory,
      SplittableRandom random) {
    this.process = process;
    this.customer = customer;
    this.gateways = gateways;
    this.core = core;
    this.directory = directory;
    this.random = random;
  }

  Customer customer() {
    return customer;
  }

  SimulatedProcess process() {
    return process;
  }

  /** What was instructed, by the customer's reference. */
  Map<String, Payment> asked() {
    return asked;
  }

  /** What the bank said of it last. */
  Map<String, TransactionStatus> told() {
    return told;
  }

  /** Instructions whose letters were refused. */
  List<String> refused() {
    return refused;
  }

  void start() {
    process.spawn(this::readMailbox);
    process.spawn(this::replay);
  }

  void pay(Customer payee, long amountMinor, String instructionId, boolean twice) {
    LocalDate date =
        LocalDate.ofInstant(Instant.ofEpochMilli(process.conductor().millis()), ZoneOffset.UTC);
    Payment payment =
        new Payment(
            instructionId,
            "e2e-" + instructionId,
            new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() >>> 2) | (1L << 63)),
            new PartyAccount(customer.name(), customer.account(), customer.bank()),
            new PartyAccount(payee.name(), payee.account(), payee.bank()),
            new Money(amountMinor, SimulatedServer.CZK),
            null,
            "simulated",
            null,
            ChargeBearer.SLEV,
            date);
    asked.put(instructionId, payment);
    for (int i = 0; i < (twice ? 2 : 1); i++) {
      process.spawn(() -> {
        PendingLetter letter =
            core.seal(
                new DeviceMessage.InstructPayment(payment),
                customer.account().partition(),
                directory.bank(customer.bank()).orElseThrow().encryptionKey());
        letters.put(letter.messageId(), instructionId);
        sealed.add(letter);
        if (random.nextInt(ONE_IN_TWO_WAYS) == 0) {
          process.spawn(() -> deliver(letter));
        }
        deliver(letter);
      });
    }
  }

  private SimulatedGateway gateway() {
    return gateways.get(random.nextInt(gateways.size()));
  }

  /** The same bytes to one gateway after the other until one has them for good. */
  private void deliver(PendingLetter letter) {
    while (isPending(letter) && !accepted.contains(letter.messageId())) {
      boolean durable =
          get(gateway().submit(process, deviceId(), letter.envelope()), Boolean.FALSE);
      if (durable) {
        accepted.add(letter.messageId());
        return;
      }
      process.sleep(RETRY_MILLIS + random.nextLong(RETRY_MILLIS));
    }
  }

  private boolean isPending(PendingLetter letter) {
    return core.pending().stream().anyMatch(l -> l.messageId().equals(letter.messageId()));
  }

  private String deviceId() {
    return customer.memory().keys().deviceId();
  }

  private static <T> T get(CompletableFuture<T> answer, T otherwise) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      return otherwise;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Somebody kept the bytes and sends them once more when all is said about that payment: earlier,
   * they could stand in for a letter that was lost.
   */
  private void replay() {
    while (true) {
      process.sleep(REPLAY_MILLIS + random.nextLong(REPLAY_MILLIS));
      List<PendingLetter> old =
          sealed.stream()
              .filter(letter -> !isPending(letter))
              .filter(letter -> isFinal(letters.getOrDefault(letter.messageId(), "")))
              .toList();
      if (!old.isEmpty()) {
        var _ =
            gateway().submit(process, deviceId(), old.get(random.nextInt(old.size())).envelope());
      }
    }
  }

  private void readMailbox() {
    while (true) {
      Optional<RestApi.MailboxPage> page =
          get(gateway().mailbox(process, deviceId(), cursor, PAGE), Optional.empty());
      page.ifPresent(found -> {
        found.items().forEach(this::take);
        cursor = found.cursor();
      });
      if (page.isEmpty() || !page.get().more()) {
        process.sleep(POLL_MILLIS + random.nextLong(POLL_MILLIS));
      }
    }
  }

  private void take(RestApi.Item item) {
    switch (core.read(item.envelope(), directory)) {
      case DeviceCore.Reading.Unbelieved(boolean unknownAuthor) -> {
        // What an evicted server signed is signed again by another.
        if (!unknownAuthor || directory.revokedServers(customer.bank()).isEmpty()) {
          throw new InvariantBroken("a device of " + customer.bank() + " cannot believe a notice");
        }
      }
      case DeviceCore.Reading.Notice read -> take(read.notice(), read.first());
    }
  }

  private void take(DeviceNotice notice, boolean first) {
    Bytes inReplyTo = inReplyTo(notice);
    switch (notice) {
      case DeviceNotice.PaymentStatus status -> told(status);
      case DeviceNotice.CreditReceived credit -> {
        if (first) {
          credited(credit);
        }
      }
      case DeviceNotice.Refused refusal -> {
        String instruction = letters.get(refusal.inReplyTo());
        if (instruction != null) {
          refused.add(instruction);
        }
      }
      case DeviceNotice.CashBooked _,
          DeviceNotice.Balance _,
          DeviceNotice.Statement _,
          DeviceNotice.DeviceLinked _,
          DeviceNotice.DeviceUnlinked _ -> {
        // Nothing to compare.
      }
    }
    if (inReplyTo != null) {
      core.answered(inReplyTo);
    }
  }

  private void told(DeviceNotice.PaymentStatus status) {
    TransactionStatus before = told.get(status.instructionId());
    if (before != null && before.terminal()) {
      if (status.status().terminal() && status.status() != before) {
        throw new InvariantBroken(
            "terminal status: "
                + status.instructionId()
                + " was told as "
                + before
                + " and "
                + status.status());
      }
      return;
    }
    told.put(status.instructionId(), status.status());
  }

  private void credited(DeviceNotice.CreditReceived credit) {
    if (!credit.account().equals(customer.account())) {
      throw new InvariantBroken("credit notice: to a device of another customer");
    }
    if (!credits.add(credit.payment())) {
      throw new InvariantBroken(
          "credit notice: " + credit.payment().instructionId() + " was told twice");
    }
  }

  private static @Nullable Bytes inReplyTo(DeviceNotice notice) {
    return switch (notice) {
      case DeviceNotice.PaymentStatus status -> status.inReplyTo();
      case DeviceNotice.Balance balance -> balance.inReplyTo();
      case DeviceNotice.Statement statement -> statement.inReplyTo();
      case DeviceNotice.DeviceLinked linked -> linked.inReplyTo();
      case DeviceNotice.DeviceUnlinked unlinked -> unlinked.inReplyTo();
      case DeviceNotice.Refused refusal -> refusal.inReplyTo();
      case DeviceNotice.CreditReceived _, DeviceNotice.CashBooked _ -> null;
    };
  }

  /** Money that it was told has arrived. */
  Set<Payment> credits() {
    return credits;
  }

  /** What is not answered. */
  String left() {
    return core.pending().stream()
            .map(l ->
                letters.getOrDefault(l.messageId(), l.type())
                    + (accepted.contains(l.messageId()) ? " accepted" : ""))
            .toList()
        + " "
        + asked.keySet().stream().filter(id -> !isFinal(id)).toList();
  }

  private boolean isFinal(String instruction) {
    TransactionStatus status = told.get(instruction);
    return status == null ? refused.contains(instruction) : status.terminal();
  }

  /** Every letter was answered, and every payment finally. */
  boolean isDone() {
    return core.pending().isEmpty() && asked.keySet().stream().allMatch(this::isFinal);
  }
}
