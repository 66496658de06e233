package org.interseal.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;

/**
 * Letters and their answers: sends, and matches what comes back by the message id that it names.
 */
final class Dialogue {
  private static final Duration FIRST_POLL = Duration.ofMillis(200);
  private static final Duration MAX_POLL = Duration.ofSeconds(2);
  private static final Duration POLL_BESIDE_WATCH = Duration.ofSeconds(5);

  private final BankClient bank;
  private final DeviceMemory memory;
  private final DeviceSealer sealer;
  private final Courier courier;
  private final Mailbox mailbox;
  private final Map<Bytes, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private volatile List<String> kept;
  private final AtomicInteger watches = new AtomicInteger();

  /** What became of a letter within its deadline. */
  sealed interface Answer {
    record Noticed(DeviceNotice notice) implements Answer {}

    record None(Bytes messageId, String why) implements Answer {}
  }

  /**
   * Hears of every notice; {@code first}: it was not told before, and it is new or an answer that
   * is awaited.
   */
  @FunctionalInterface
  interface Listener {
    void notice(DeviceNotice notice, boolean first);
  }

  Dialogue(
      BankClient bank,
      DeviceMemory memory,
      Listener listener,
      java.util.function.Consumer<String> refusals) {
    this.bank = bank;
    this.memory = memory;
    this.kept = memory.profile().bankRecords();
    bank.remind(kept);
    this.sealer = new DeviceSealer(bank.bank(), memory, bank.runtime().random());
    this.courier = new Courier(bank, memory.keys());
    this.mailbox =
        new Mailbox(
            bank,
            memory,
            (notice, news) -> {
              boolean first =
                  switch (news) {
                    case NEW -> true;
                    case REPEATED -> false;
                    case OLD -> isAwaited(notice);
                  };
              try {
                listener.notice(notice, first);
              } finally {
                inReplyTo(notice).ifPresent(id -> answered(id, notice));
              }
            },
            refusals);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  /**
   * Sends a message and completes with its answer, or with none at the deadline; then the letter is
   * kept.
   */
  CompletableFuture<Answer> ask(DeviceMessage message, int partition, Duration deadline) {
    Instant until = bank.runtime().clock().instant().plus(deadline);
    bank.refreshWhenOld();
    return CompletableFuture.supplyAsync(
            () -> {
              keepRecords();
              return sealer.seal(
                  message,
                  partition,
                  bank.licensed().encryptionKey(),
                  bank.runtime().clock().instant());
            },
            bank.runtime().executor())
        .thenCompose(letter -> send(letter, deadline, until));
  }

  /** Notes what the bank's records say now; durable with the letter that is sealed by them. */
  void keepRecords() {
    List<String> now = bank.lastWords();
    if (!now.equals(kept)) {
      kept = now;
      memory.note(profile -> profile.withBankRecords(now));
    }
  }

  /** Sends a letter, fresh or kept from earlier. */
  private CompletableFuture<Answer> send(PendingLetter letter, Duration wait, Instant until) {
    CompletableFuture<Answer> answer =
        waiting.computeIfAbsent(letter.messageId(), _ -> new CompletableFuture<>());
    Duration left = Duration.between(bank.runtime().clock().instant(), until);
    var _ =
        bank.runtime()
            .after(left.isNegative() ? Duration.ZERO : left)
            .thenRun(() -> giveUp(letter.messageId(), "no answer in time"));
    var _ =
        courier
            .deliver(letter, wait, until)
            .whenComplete((delivery, failure) -> {
              if (failure != null) {
                giveUp(letter.messageId(), String.valueOf(ClientRuntime.cause(failure)));
              } else {
                delivered(letter, delivery, until);
              }
            });
    return answer;
  }

  private void delivered(PendingLetter letter, Courier.Delivery delivery, Instant until) {
    switch (delivery) {
      case Courier.Delivery.Accepted(Optional<RestApi.Item> item) -> {
        CompletableFuture<Void> handled =
            item.map(mailbox::handle).orElseGet(() -> CompletableFuture.completedFuture(null));
        // What could not be judged yet comes again with the mailbox.
        var _ =
            handled
                .handle((_, _) -> true)
                .thenRun(() -> pollUntilAnswered(letter.messageId(), until, FIRST_POLL));
      }
      case Courier.Delivery.Refused(int status, String code) ->
          giveUp(letter.messageId(), "the gateway refuses it: " + status + " " + code);
      case Courier.Delivery.Unknown(String why) -> giveUp(letter.messageId(), why);
    }
  }

  private void pollUntilAnswered(Bytes messageId, Instant until, Duration delay) {
    if (!waiting.containsKey(messageId)) {
      return;
    }
    Instant now = bank.runtime().clock().instant();
    if (!now.isBefore(until)) {
      return;
    }
    Duration left = Duration.between(now, until);
    Duration pause = watches.get() > 0 ? POLL_BESIDE_WATCH : delay;
    Duration doubled = delay.multipliedBy(2);
    var _ =
        bank.runtime()
            .after(pause.compareTo(left) < 0 ? pause : left)
            .thenCompose(_ ->
                waiting.containsKey(messageId)
                    ? mailbox.poll().handle((_, _) -> true)
                    : CompletableFuture.completedFuture(true))
            .thenRun(() ->
                pollUntilAnswered(
                    messageId, until, doubled.compareTo(MAX_POLL) < 0 ? doubled : MAX_POLL));
  }

  private void giveUp(Bytes messageId, String why) {
    CompletableFuture<Answer> answer = waiting.remove(messageId);
    if (answer != null) {
      answer.complete(new Answer.None(messageId, why));
    }
  }

  private void answered(Bytes messageId, DeviceNotice notice) {
    memory.note(profile -> profile.withoutPending(messageId));
    CompletableFuture<Answer> answer = waiting.remove(messageId);
    if (answer != null) {
      answer.complete(new Answer.Noticed(notice));
    }
  }

  /**
   * Whether it answers a letter that has no answer yet; such a one counts however late it is
   * fetched.
   */
  private boolean isAwaited(DeviceNotice notice) {
    return inReplyTo(notice)
        .filter(id ->
            waiting.containsKey(id)
                || memory.profile().pending().stream()
                    .anyMatch(letter -> letter.messageId().equals(id)))
        .isPresent();
  }

  private static Optional<Bytes> inReplyTo(DeviceNotice notice) {
    return switch (notice) {
      case DeviceNotice.PaymentStatus n -> Optional.ofNullable(n.inReplyTo());
      case DeviceNotice.Balance n -> Optional.of(n.inReplyTo());
      case DeviceNotice.Statement n -> Optional.of(n.inReplyTo());
      case DeviceNotice.DeviceLinked n -> Optional.ofNullable(n.inReplyTo());
      case DeviceNotice.DeviceUnlinked n -> Optional.ofNullable(n.inReplyTo());
      case DeviceNotice.Refused n -> Optional.of(n.inReplyTo());
      case DeviceNotice.CreditReceived _, DeviceNotice.CashBooked _ -> Optional.empty();
    };
  }

  /**
   * Sends every letter again that an earlier process left without an answer; how many those were.
   */
  CompletableFuture<Integer> resend(Duration deadline) {
    Instant now = bank.runtime().clock().instant();
    var letters =
        memory.profile().pending().stream()
            .filter(letter -> letter.expiresAtMillis() > now.toEpochMilli())
            .filter(letter -> !waiting.containsKey(letter.messageId()))
            .toList();
    CompletableFuture<?>[] answers =
        letters.stream()
            .map(letter -> send(letter, Duration.ZERO, now.plus(deadline)))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(answers).thenApply(_ -> answers.length);
  }

  /**
   * Polls until the future is done or time is out, for who waits for something that is no answer.
   */
  void pollFor(CompletableFuture<?> awaited, Instant until, Duration delay) {
    Instant now = bank.runtime().clock().instant();
    if (awaited.isDone() || !now.isBefore(until)) {
      return;
    }
    Duration doubled = delay.multipliedBy(2);
    var _ =
        bank.runtime()
            .after(watches.get() > 0 ? POLL_BESIDE_WATCH : delay)
            .thenCompose(_ ->
                awaited.isDone()
                    ? CompletableFuture.completedFuture(true)
                    : mailbox.poll().handle((_, _) -> true))
            .thenRun(() ->
                pollFor(awaited, until, doubled.compareTo(MAX_POLL) < 0 ? doubled : MAX_POLL));
  }

  /** Follows the mailbox until it is closed. */
  Watch watch() {
    watches.incrementAndGet();
    MailboxWatch running = MailboxWatch.start(bank, memory.keys(), mailbox);
    var once = new java.util.concurrent.atomic.AtomicBoolean();
    return () -> {
      if (once.compareAndSet(false, true)) {
        watches.decrementAndGet();
        running.close();
      }
    };
  }
}
