package org.interseal.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.interseal.protocol.http.RequestSigner;
import org.jspecify.annotations.Nullable;

/**
 * Follows a mailbox: by server-sent events where a gateway offers them, resumed at the cursor on
 * another gateway when a stream ends or falls silent; by polling where none does. Every change of
 * stream is bridged by a poll, so a notice is late at most.
 */
final class MailboxWatch implements Watch {
  /** A stream without a byte for so long counts as dead. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  /** Between polls where there are no events. */
  static final Duration POLL = Duration.ofSeconds(2);

  /** How long a gateway is not asked for events again that offers none. */
  static final Duration NO_EVENTS = Duration.ofMinutes(1);

  private final BankClient bank;
  private final RequestSigner signer;
  private final Mailbox mailbox;
  private volatile Instant noEventsBefore = Instant.MIN;
  private volatile boolean closed;
  private volatile @Nullable EventStream stream;

  private MailboxWatch(BankClient bank, DeviceKeyRing keys, Mailbox mailbox) {
    this.bank = bank;
    this.signer = bank.api().signer(keys);
    this.mailbox = mailbox;
  }

  static MailboxWatch start(BankClient bank, DeviceKeyRing keys, Mailbox mailbox) {
    MailboxWatch watch = new MailboxWatch(bank, keys, mailbox);
    bank.runtime().executor().execute(() -> watch.round(0));
    return watch;
  }

  private void round(int failures) {
    if (closed) {
      return;
    }
    var _ =
        mailbox
            .poll()
            .handle((_, failure) -> failure == null)
            .thenAccept(polled -> follow(polled ? failures : failures + 1));
  }

  private void follow(int failures) {
    if (closed) {
      return;
    }
    if (bank.runtime().clock().instant().isBefore(noEventsBefore)) {
      again(POLL, failures);
      return;
    }
    URI gateway = bank.gateway(failures);
    EventStream events =
        bank.api()
            .events(
                gateway,
                signer,
                mailbox.cursor(),
                mailbox::pushed,
                answer -> answered(answer, failures));
    stream = events;
    if (closed) {
      events.cancel();
    }
    watchSilence(events);
  }

  /** The stream is over, or there never was one. */
  private void answered(Attempt<Boolean> answer, int failures) {
    switch (answer) {
      case Attempt.Succeeded<Boolean> _ -> again(RetryPolicy.FIRST, 0);
      case Attempt.TryAgain<Boolean>(String _, Optional<Duration> asked) -> {
        // Polls go on meanwhile: a gateway with too many streams is no reason to hear nothing.
        postpone(asked.orElse(Duration.ZERO));
        Duration delay = RetryPolicy.delay(failures + 1, Optional.empty(), bank.runtime().random());
        again(delay.compareTo(POLL) < 0 ? delay : POLL, failures + 1);
      }
      case Attempt.Refused<Boolean> _ -> {
        postpone(NO_EVENTS);
        again(POLL, failures + 1);
      }
    }
  }

  private void postpone(Duration wait) {
    noEventsBefore = bank.runtime().clock().instant().plus(wait);
  }

  private void again(Duration delay, int failures) {
    if (!closed) {
      var _ = bank.runtime().after(delay).thenRun(() -> round(failures));
    }
  }

  private void watchSilence(EventStream events) {
    if (closed || events.ended().isDone()) {
      return;
    }
    var _ =
        bank.runtime()
            .after(SILENCE)
            .thenRun(() -> {
              if (bank.runtime().clock().instant().isAfter(events.lastBytes().plus(SILENCE))) {
                events.cancel();
              } else {
                watchSilence(events);
              }
            });
  }

  @Override
  public void close() {
    closed = true;
    EventStream live = stream;
    if (live != null) {
      live.cancel();
    }
  }
}
