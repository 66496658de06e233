package org.interseal.gateway;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.service.ProblemException;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events of mailboxes. Each stream runs on its request's own (virtual) thread, which
 * sleeps until the mailbox has news or a heartbeat is due; so a client that reads slowly holds
 * nobody up. Bounded in number and in life; ends cleanly at shutdown. A client resumes anywhere
 * with the last event id it saw; it may see items again, never miss one.
 */
final class EventStreams {
  /** Few: they are held while a client reads slowly. */
  private static final int PAGE = 10;

  private static final int RECONNECT_MILLIS = 1_000;

  /** Between attempts of a stream whose mailbox cannot be read. */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** By so much either differs from stream to stream. */
  private static final int SPREAD_MILLIS = 5_000;

  /** For so long a stream lasts though its mailbox cannot be read. */
  private static final long STORE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(12);

  private final Mailbox mailbox;
  private final MailboxWakes wakes;
  private final GatewayProperties properties;
  private final LongSupplier nanoTime;
  private final GatewayMeters meters;
  private final EnvelopeMemory memory;
  private final Map<String, Integer> perDevice = new HashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private int openOfStrangers;
  private final Map<Object, Bell> bells = new HashMap<>();
  private volatile boolean closed;

  EventStreams(
      Mailbox mailbox,
      MailboxWakes wakes,
      GatewayProperties properties,
      LongSupplier nanoTime,
      GatewayMeters meters,
      EnvelopeMemory memory) {
    this.mailbox = mailbox;
    this.wakes = wakes;
    this.properties = properties;
    this.nanoTime = nanoTime;
    this.meters = meters;
    this.memory = memory;
  }

  int open() {
    return open.get();
  }

  /**
   * Sends items behind the cursor until the stream's life is over, the client leaves or the gateway
   * stops.
   *
   * @param linked whether the owner is a linked device; all others share a small part of the
   *     streams
   */
  void stream(String owner, boolean linked, MailboxCursor after, HttpServletResponse response)
      throws IOException, InterruptedException, StoreUnavailable {
    Object key = new Object();
    Bell bell = enter(owner, linked, key);
    try (MailboxWakes.Sleeper _ = wakes.register(owner, bell::ring)) {
      StreamReader reader = mailbox.reader(owner, after.position());
      List<Row> first = reader.pollAtRest(PAGE);
      response.setContentType("text/event-stream;charset=utf-8");
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Accel-Buffering", "no");
      OutputStream out = response.getOutputStream();
      write(out, "retry: " + RECONNECT_MILLIS + "\n\n");
      run(new Cursor(reader, after.text()), first, out, bell, owner, linked);
    } finally {
      leave(owner, linked, key);
    }
  }

  /** Ends all streams. */
  void close() {
    synchronized (perDevice) {
      closed = true;
      bells.values().forEach(bell -> bell.ring(MailboxWakes.Reason.NEWS));
    }
  }

  /** A reader and the event id from which another gateway would miss nothing. */
  private static final class Cursor {
    private final StreamReader reader;
    private String resumeAt;

    Cursor(StreamReader reader, String resumeAt) {
      this.reader = reader;
      this.resumeAt = resumeAt;
    }
  }

  /** What a stream's thread sleeps by. */
  private static final class Bell {
    private final Semaphore rung = new Semaphore(0);
    private final AtomicReference<MailboxWakes.@Nullable Reason> reason = new AtomicReference<>();

    void ring(MailboxWakes.Reason why) {
      if (reason.getAndUpdate(why::or) == null) {
        rung.release();
      }
    }

    /** Why it rang, or null when it did not in that time. */
    MailboxWakes.@Nullable Reason await(long nanos) throws InterruptedException {
      return rung.tryAcquire(nanos, TimeUnit.NANOSECONDS) ? reason.getAndSet(null) : null;
    }
  }

  private void run(
      Cursor cursor, List<Row> first, OutputStream out, Bell bell, String owner, boolean linked)
      throws IOException, InterruptedException {
    long endNanos = nanoTime.getAsLong() + properties.eventStreamLife().toNanos();
    long beatNanos = nanoTime.getAsLong();
    List<Row> rows = first;
    boolean more = true;
    boolean failed = false;
    long failedNanos = 0;
    // Streams that failed together neither try again nor end together.
    long spread = TimeUnit.MILLISECONDS.toNanos(Math.floorMod(owner.hashCode(), SPREAD_MILLIS));
    while (!closed && endNanos - nanoTime.getAsLong() > 0) {
      long untilBeat = beatNanos - nanoTime.getAsLong();
      MailboxWakes.Reason reason = null;
      if (!rows.isEmpty()) {
        try (EnvelopeMemory.Lease lease = memory.lease(owner, linked)) {
          lease.grow(rows.stream().mapToLong(row -> row.body().length()).sum());
          send(rows, cursor, out);
        } catch (ProblemException tooMuch) {
          // As when the store fails: the client comes back with the id it has.
          break;
        }
        beatNanos = nanoTime.getAsLong() + properties.heartbeat().toNanos();
        if (!more) {
          rows = List.of();
          continue;
        }
      } else if (untilBeat <= 0) {
        write(out, ": beat\n\n");
        beatNanos = nanoTime.getAsLong() + properties.heartbeat().toNanos();
        continue;
      } else {
        long patience = Math.min(endNanos - nanoTime.getAsLong(), untilBeat);
        reason = bell.await(failed ? Math.min(RETRY_NANOS + spread, patience) : patience);
        if (reason == null && !failed) {
          continue;
        }
      }
      try {
        rows = read(cursor.reader, rows.isEmpty(), failed ? MailboxWakes.Reason.AGAIN : reason);
        failed = false;
        // Of news that are few, the wake that follows sees to the rest.
        more = reason != MailboxWakes.Reason.NEWS || !mailbox.overlaps() || rows.size() == PAGE;
      } catch (StoreUnavailable e) {
        failedNanos = failed ? failedNanos : nanoTime.getAsLong();
        failed = true;
        if (nanoTime.getAsLong() - failedNanos > STORE_PATIENCE_NANOS + spread) {
          // The client comes back with the id it has, to this gateway or another.
          break;
        }
        // A moment's trouble is no reason for all clients to come back at the same time.
        rows = List.of();
      }
      if (!rows.isEmpty() && reason == MailboxWakes.Reason.BACKSTOP) {
        wakes.found();
      }
    }
    write(out, ": end\n\n");
  }

  /**
   * @param woken whether this is the first reading since the bell
   * @param reason why it rang
   */
  private static List<Row> read(
      StreamReader reader, boolean woken, MailboxWakes.@Nullable Reason reason)
      throws StoreUnavailable {
    if (!woken) {
      return reader.poll(PAGE);
    }
    return reason == MailboxWakes.Reason.NEWS ? reader.pollForward(PAGE) : reader.pollAtRest(PAGE);
  }

  private void send(List<Row> rows, Cursor cursor, OutputStream out) throws IOException {
    String atEnd = MailboxCursor.resume(cursor.reader.cursor()).text();
    StringBuilder events = new StringBuilder();
    int count = 0;
    for (int i = 0; i < rows.size(); i++) {
      Optional<RestApi.Item> item = mailbox.item(rows.get(i));
      if (item.isPresent()) {
        boolean last = i == rows.size() - 1;
        events
            .append("id: ")
            .append(last ? atEnd : cursor.resumeAt)
            .append("\nevent: item\ndata: ");
        events.append(ProtocolJson.encodeText(item.get())).append("\n\n");
        count++;
      }
    }
    cursor.resumeAt = atEnd;
    write(out, events.toString());
    meters.itemsDelivered("events", count);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private Bell enter(String owner, boolean linked, Object key) {
    synchronized (perDevice) {
      int mine = perDevice.getOrDefault(owner, 0);
      if (closed) {
        throw new ProblemException(
            GatewayProblem.NOT_READY, "This gateway is stopping.", Duration.ofSeconds(1));
      }
      if (mine >= properties.maxEventStreamsPerDevice()
          || open.get() >= properties.maxEventStreams()
          || (!linked && openOfStrangers >= properties.maxEventStreamsOfStrangers())) {
        throw new ProblemException(
            GatewayProblem.TOO_MANY_STREAMS, "Close one, or read pages.", Duration.ofSeconds(30));
      }
      perDevice.put(owner, mine + 1);
      open.incrementAndGet();
      openOfStrangers += linked ? 0 : 1;
      Bell bell = new Bell();
      bells.put(key, bell);
      return bell;
    }
  }

  private void leave(String owner, boolean linked, Object key) {
    synchronized (perDevice) {
      perDevice.computeIfPresent(owner, (_, count) -> count == 1 ? null : count - 1);
      open.decrementAndGet();
      openOfStrangers -= linked ? 0 : 1;
      bells.remove(key);
    }
  }
}
