package org.interseal.bank.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.interseal.bank.ledger.OutgoingMessage;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.ledger.Peer;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.protocol.message.InterbankMessage.Transfer;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what acknowledged blocks owe until it is durable.
 *
 * <p>Sending again after a restart is harmless: notices have ids of their own, registrations
 * revisions, transfers are told apart by number, and a report that is known already is dropped by
 * who asked for it.
 *
 * <p>{@link #accept} is for the ledger thread; the rest is thread-safe.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final long GRACE_TICK_MILLIS = 50;
  private static final long RESEND_TICK_MILLIS = 1_000;

  private record Waiting(DeviceMail.Place place, OutgoingMessage.ToDevice notice, Runnable done) {}

  private final OutboxLimits limits;
  private final OutboxLedger ledger;
  private final OutboxProgress progress;
  private final OutboxWriters writers;
  private final InterbankMail interbank;
  private final DeviceMail devices;
  private final RunningTime time;
  private final NoticeGrace<Waiting> grace;
  private final Resender resender;
  private final Resigning resigning;

  private final List<ScheduledFuture<?>> timers = new ArrayList<>();

  Outbox(
      OutboxLimits limits,
      OutboxLedger ledger,
      OutboxWriters writers,
      InterbankMail interbank,
      DeviceMail devices,
      String edition,
      long doneHeight,
      RunningTime time) {
    this.limits = limits;
    this.ledger = ledger;
    this.writers = writers;
    this.interbank = interbank;
    this.devices = devices;
    this.time = time;
    this.progress = new OutboxProgress(doneHeight, limits.maxPending(), time);
    this.grace = new NoticeGrace<>(limits.graceMillis());
    this.resender = new Resender(limits.resendFirstMillis(), limits.resendMaxMillis());
    this.resigning = new Resigning(edition, ledger, interbank, devices);
  }

  /** Starts its threads and timers. */
  public void start(ScheduledExecutorService timer) {
    writers.start();
    timers.add(
        timer.scheduleWithFixedDelay(
            guarded(this::sendDue), GRACE_TICK_MILLIS, GRACE_TICK_MILLIS, TimeUnit.MILLISECONDS));
    timers.add(
        timer.scheduleWithFixedDelay(
            guarded(this::resend), RESEND_TICK_MILLIS, RESEND_TICK_MILLIS, TimeUnit.MILLISECONDS));
    timers.add(
        timer.scheduleWithFixedDelay(
            guarded(this::resign), GRACE_TICK_MILLIS, GRACE_TICK_MILLIS, TimeUnit.MILLISECONDS));
  }

  /** A timer drops a task that throws; a bug must be seen, and the next round must come. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("a round of the outbox failed", e);
      }
    };
  }

  /** Takes on what a block owes. Blocks come in order of height, each once. */
  public void accept(OutboxBlock block) {
    int resigning = block.evicted().isEmpty() ? 0 : 1;
    Runnable done = progress.add(block.height(), block.messages().size() + resigning);
    if (resigning > 0) {
      resender.allAtOnce();
      this.resigning.add(block.evicted(), block.head(), done);
    }
    Map<Peer, List<Transfer>> transfers = new LinkedHashMap<>();
    Map<Peer, List<Report>> reports = new LinkedHashMap<>();
    for (int index = 0; index < block.messages().size(); index++) {
      DeviceMail.Place place = new DeviceMail.Place(block.head().hash(), index);
      switch (block.messages().get(index)) {
        case OutgoingMessage.ToDevice notice -> notify(place, notice, done);
        case OutgoingMessage.StatementToDevice asked -> devices.send(place, asked, done);
        case OutgoingMessage.ToBranch answer -> devices.send(place, answer, done);
        case OutgoingMessage.DeviceRecord device -> devices.send(device, done);
        case OutgoingMessage.TransferTo m ->
            transfers
                .computeIfAbsent(
                    new Peer(m.target(), m.targetPartition()), peer -> new ArrayList<>())
                .add(m.transfer());
        case OutgoingMessage.ReportTo m ->
            reports
                .computeIfAbsent(
                    new Peer(m.source(), m.sourcePartition()), peer -> new ArrayList<>())
                .add(m.report());
      }
    }
    transfers.forEach((peer, list) -> interbank.sendTransfers(peer, list, done));
    reports.forEach((peer, list) -> interbank.sendReports(peer, list, block.head(), done));
  }

  /** A block that owes nothing, such as a fence. */
  public void nothingOwed(long height) {
    var _ = progress.add(height, 0);
  }

  private void notify(DeviceMail.Place place, OutgoingMessage.ToDevice notice, Runnable done) {
    if (notice.subject() == null) {
      devices.send(place, notice, done);
      return;
    }
    NoticeGrace.Ruling<Waiting> ruling =
        grace.offer(
            notice.deviceId(),
            notice.subject(),
            notice.terminal(),
            new Waiting(place, notice, done),
            time.nanoTime());
    ruling.superseded().forEach(earlier -> earlier.done().run());
    if (ruling.sendNow()) {
      devices.send(place, notice, done);
    }
  }

  private void sendDue() {
    grace.due(time.nanoTime()).forEach(this::send);
  }

  private void send(Waiting waiting) {
    devices.send(waiting.place(), waiting.notice(), waiting.done());
  }

  private void resign() {
    try {
      resigning.step();
    } catch (StoreUnavailable e) {
      log.warn("what an evicted server signed waits for the store: {}", e.getMessage());
    }
  }

  private void resend() {
    if (progress.isFull()) {
      return;
    }
    List<OutstandingTransfer> unanswered = ledger.unanswered().toList();
    Map<Peer, List<Transfer>> due =
        resender.due(
            unanswered, limits.maxResendLetters() * InterbankMessage.MAX_ITEMS, time.nanoTime());
    due.forEach((peer, transfers) -> {
      log.info("sending {} unanswered transfers to {} again", transfers.size(), peer);
      int letters = interbank.sendTransfers(peer, transfers, () -> {});
      log.debug("in {} letters", letters);
    });
  }

  /** Up to this height everything that blocks owe is durable. */
  public long doneHeight() {
    return progress.doneHeight();
  }

  /** Messages owed and not durable yet. */
  public int pending() {
    return progress.pending();
  }

  /** Waits for room; false when there is none in time, and then no block should be made. */
  public boolean awaitRoom(long millis) throws InterruptedException {
    return progress.awaitRoom(millis);
  }

  /** Sends at once what waits, and waits until all is durable; false when that takes too long. */
  public boolean flush(long millis) throws InterruptedException {
    grace.drain().forEach(this::send);
    return progress.awaitEmpty(millis);
  }

  /** Stops without flushing; the next start sends what is left. */
  @Override
  public void close() {
    timers.forEach(timer -> timer.cancel(false));
    writers.close();
  }
}
