package org.interseal.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.protocol.http.RestApi;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for the reply to what they submit. All calls of one device share one reader of
 * its mailbox, so that each row is read once however many calls wait. Bounded; thread-safe.
 */
final class ReplyWatches {
  private static final int PAGE = 200;

  private final Mailbox mailbox;
  private final MailboxWakes wakes;
  private final Executor executor;
  private final int maxWaits;
  private final int maxWaitsPerDevice;
  private final AtomicInteger active = new AtomicInteger();
  private final Map<String, Watch> watches = new HashMap<>();
  private volatile boolean closed;

  ReplyWatches(
      Mailbox mailbox, MailboxWakes wakes, Executor executor, int maxWaits, int maxWaitsPerDevice) {
    this.mailbox = mailbox;
    this.wakes = wakes;
    this.executor = executor;
    this.maxWaits = maxWaits;
    this.maxWaitsPerDevice = maxWaitsPerDevice;
  }

  int active() {
    return active.get();
  }

  /**
   * Begins to watch for the reply; to be called before the submission is stored. Empty when no
   * place is free or the store does not answer.
   */
  Optional<Reply> expect(String owner, String submissionId) {
    Position now;
    try {
      // Not under the lock: it may be a round trip.
      now = mailbox.now();
    } catch (StoreUnavailable e) {
      return Optional.empty();
    }
    synchronized (watches) {
      Watch watch = watches.get(owner);
      if (closed
          || active.get() >= maxWaits
          || (watch != null && watch.waiting() >= maxWaitsPerDevice)) {
        return Optional.empty();
      }
      if (watch == null) {
        watch = new Watch(owner, mailbox.reader(owner, now));
        watches.put(owner, watch);
      }
      active.incrementAndGet();
      return Optional.of(watch.add(submissionId));
    }
  }

  /** Ends all waiting; every call gets its answer without a reply. */
  void close() {
    synchronized (watches) {
      closed = true;
      watches.values().forEach(Watch::giveUp);
    }
  }

  /** One waiting call. */
  final class Reply implements AutoCloseable {
    private final Watch watch;
    private final String submissionId;
    private final CompletableFuture<Optional<RestApi.Item>> item = new CompletableFuture<>();

    private Reply(Watch watch, String submissionId) {
      this.watch = watch;
      this.submissionId = submissionId;
    }

    /** The reply, when it comes in time. */
    Optional<RestApi.Item> await(Duration patience) throws InterruptedException {
      try {
        return item.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }

    @Override
    public void close() {
      synchronized (watches) {
        active.decrementAndGet();
        watch.remove(this);
        if (watch.waiting() == 0) {
          watches.remove(watch.owner);
          watch.sleeper.close();
        }
      }
    }
  }

  /** The shared reader of one device. */
  private final class Watch {
    private final String owner;
    private final StreamReader reader;
    private final AtomicReference<MailboxWakes.@Nullable Reason> woken = new AtomicReference<>();
    private final MailboxWakes.Sleeper sleeper;
    private final Map<String, List<Reply>> waiting = new HashMap<>();
    private int count;

    Watch(String owner, StreamReader reader) {
      this.owner = owner;
      this.reader = reader;
      this.sleeper = wakes.register(owner, this::wake);
    }

    int waiting() {
      return count;
    }

    Reply add(String submissionId) {
      Reply reply = new Reply(this, submissionId);
      synchronized (waiting) {
        waiting.merge(submissionId, List.of(reply), Watch::concat);
        count++;
      }
      return reply;
    }

    @SuppressWarnings("ReferenceEquality")
    void remove(Reply reply) {
      synchronized (waiting) {
        count--;
        waiting.computeIfPresent(
            reply.submissionId,
            (_, replies) -> {
              List<Reply> left = replies.stream().filter(other -> other != reply).toList();
              return left.isEmpty() ? null : left;
            });
      }
    }

    void giveUp() {
      synchronized (waiting) {
        waiting
            .values()
            .forEach(all -> all.forEach(reply -> reply.item.complete(Optional.empty())));
      }
    }

    private static List<Reply> concat(List<Reply> a, List<Reply> b) {
      return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
    }

    private void wake(MailboxWakes.Reason reason) {
      if (woken.getAndUpdate(reason::or) == null) {
        executor.execute(this::read);
      }
    }

    private synchronized void read() {
      MailboxWakes.Reason reason = woken.getAndSet(null);
      boolean found = false;
      try {
        List<Row> rows =
            reason == MailboxWakes.Reason.NEWS ? reader.pollForward(PAGE) : reader.pollAtRest(PAGE);
        while (!rows.isEmpty()) {
          found = true;
          rows.forEach(row -> mailbox.item(row).ifPresent(this::deliver));
          rows = answered() || laterWakeSeesToIt(reason, rows) ? List.of() : reader.poll(PAGE);
        }
      } catch (StoreUnavailable e) {
        // A call whose time runs out meanwhile is answered without the reply.
        wakes.lookAgain(owner);
        return;
      }
      if (found && reason == MailboxWakes.Reason.BACKSTOP) {
        wakes.found();
      }
    }

    /** Whether the wake that follows news will see to the rest. */
    private boolean laterWakeSeesToIt(MailboxWakes.@Nullable Reason reason, List<Row> rows) {
      return mailbox.overlaps() && reason == MailboxWakes.Reason.NEWS && rows.size() < PAGE;
    }

    /** Whether nobody waits any more for what may come. */
    private boolean answered() {
      synchronized (waiting) {
        return waiting.values().stream().flatMap(List::stream).allMatch(r -> r.item.isDone());
      }
    }

    private void deliver(RestApi.Item item) {
      @Nullable String submission = item.inReplyTo();
      if (submission == null) {
        return;
      }
      synchronized (waiting) {
        waiting
            .getOrDefault(submission, List.of())
            .forEach(reply -> reply.item.complete(Optional.of(item)));
      }
    }
  }
}
