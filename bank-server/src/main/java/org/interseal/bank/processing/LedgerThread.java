package org.interseal.bank.processing;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.interseal.bank.chain.AppendResult;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainWriter;
import org.interseal.store.Monitor;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that moves a ledger partition on: follows the chain while another server writes
 * it, takes it over when nobody does, and then makes blocks.
 */
final class LedgerThread {
  private static final Logger log = LoggerFactory.getLogger(LedgerThread.class);
  private static final long MIN_BACK_OFF_MILLIS = 50;
  private static final long MAX_BACK_OFF_MILLIS = 2_000;
  private static final long HALT_RETRY_MILLIS = 2_000;
  private static final long MAX_STAND_ASIDE_MILLIS = 10_000;

  /** How many leases long a writer without work waits before it looks at the chain's end. */
  private static final long LOOK_LEASES = 5;

  /** Begins a session once the chain is ours. */
  @FunctionalInterface
  interface Sessions {
    WritingSession begin(ChainFolder folder, Pause pause)
        throws StoreUnavailable, InterruptedException, Halt;
  }

  /** What must hold of this server before it writes, whatever the chain says. */
  @FunctionalInterface
  interface Fitness {
    void require() throws StoreUnavailable, Halt;
  }

  /** Brings the state near the chain's end, from a snapshot. */
  interface Restorer {
    void restore(ChainFolder folder) throws StoreUnavailable, ChainRefused;

    /** Blocks of another server were followed. */
    void followed(ChainFolder folder);

    /** The chain's end was reached for the first time; refuses when it is none. */
    void caughtUp(ChainTip tip) throws StoreUnavailable, ChainRefused;
  }

  /** Waiting that ends when the server stops. */
  final class Pause {
    private Pause() {}

    boolean isClosed() {
      return closed;
    }

    void log(String message) {
      log.warn("{}", message);
    }

    void millis(long millis) throws InterruptedException {
      boolean _ = monitor.awaitMillis(() -> closed, millis);
    }
  }

  private final ChainFolder folder;
  private final ChainWriter writer;
  private final Tenure tenure;
  private final Evictions evictions;
  private final Restorer restorer;
  private final Fitness fitness;
  private final Sessions sessions;
  private final ProcessingLimits limits;
  private final Thread thread;
  private final RunningTime time;
  private final Monitor monitor;
  private final Pause pause = new Pause();

  private boolean restored;
  private boolean whole;

  /** Where this process was last the writer: it needs no other fence while the chain ends there. */
  private Optional<ChainTip> ours = Optional.empty();

  private long ownFence;

  /** That the store lost blocks; until this server writes again, whatever else stops it then. */
  private boolean lossKnown;

  private long backOffMillis = MIN_BACK_OFF_MILLIS;

  /** Where the chain ended when this server, writing, made or last looked for a block. */
  private long lookedHeight = -1;

  private long lookedNanos;
  private volatile @Nullable WritingSession session;
  private volatile NodePhase phase = new NodePhase.Starting();
  private volatile boolean closed;
  private volatile boolean killed;

  LedgerThread(
      ChainFolder folder,
      ChainWriter writer,
      Tenure tenure,
      Evictions evictions,
      Restorer restorer,
      Fitness fitness,
      Sessions sessions,
      ProcessingLimits limits,
      java.util.concurrent.ThreadFactory threads,
      RunningTime time) {
    this.folder = folder;
    this.writer = writer;
    this.tenure = tenure;
    this.evictions = evictions;
    this.restorer = restorer;
    this.fitness = fitness;
    this.sessions = sessions;
    this.limits = limits;
    this.time = time;
    this.monitor = new Monitor(time);
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  NodePhase phase() {
    return phase;
  }

  /** The session while this server writes. */
  Optional<WritingSession> session() {
    return Optional.ofNullable(session);
  }

  private void run() {
    try {
      while (!closed) {
        round();
      }
      handOver();
      phase(new NodePhase.Stopped());
    } catch (InterruptedException e) {
      // Only kill() interrupts.
      phase(new NodePhase.Stopped());
    } catch (RuntimeException | Error e) {
      if (killed) {
        phase(new NodePhase.Stopped());
        return;
      }
      // Going on with a state that may be wrong could cost money; standing still costs none.
      log.error("{}: the ledger thread ends", partition(), e);
      phase(new NodePhase.Halted("an internal error, see the log: " + e));
      abandonSession();
    }
  }

  private void round() throws InterruptedException {
    try {
      evictions.requireInForce();
      WritingSession current = session;
      if (current == null) {
        followOrTakeOver();
      } else if (!tenure.goesOn(folder.tip().height())
          || wasOvertaken()
          || current.produce() == WritingSession.Next.STEP_DOWN) {
        log.info("{}: another server writes the ledger now", partition());
        endSession(0);
        phase(new NodePhase.Following());
      } else if (!(phase instanceof NodePhase.Writing)) {
        phase(new NodePhase.Writing());
      }
      backOffMillis = MIN_BACK_OFF_MILLIS;
    } catch (StoreUnavailable e) {
      log.warn(
          "{}: the store is out of reach, trying again in {} ms: {}",
          partition(),
          backOffMillis,
          e.getMessage());
      rest(backOffMillis);
      backOffMillis = Math.min(MAX_BACK_OFF_MILLIS, backOffMillis * 2);
    } catch (ChainRefused e) {
      standStill(Halt.refused(e.reason(), String.valueOf(e.getMessage())));
    } catch (Halt e) {
      standStill(e);
    }
  }

  /**
   * Who makes no blocks would not learn of those that another server made while the lease went
   * there and back, nor send what they owe. The next round follows them.
   */
  private boolean wasOvertaken() throws StoreUnavailable, ChainRefused {
    long now = time.nanoTime();
    long height = folder.tip().height();
    if (height != lookedHeight) {
      lookedHeight = height;
      lookedNanos = now;
      return false;
    }
    if (now - lookedNanos < TimeUnit.MILLISECONDS.toNanos(LOOK_LEASES * limits.leaseMillis())) {
      return false;
    }
    lookedNanos = now;
    return folder.catchUp() > 0;
  }

  private void standStill(Halt halt) throws InterruptedException {
    String why = String.valueOf(halt.getMessage());
    if (!phase.equals(new NodePhase.Halted(why))) {
      log.error("{}: the ledger stands still: {}", partition(), why);
      phase(new NodePhase.Halted(why));
    }
    dropSession();
    lossKnown |= halt.kind() == Halt.Kind.HISTORY_LOST;
    if (lossKnown && halt.kind() != Halt.Kind.EVICTED) {
      rest(HALT_RETRY_MILLIS);
    } else {
      pause.millis(standAside() ? standAsideMillis() : HALT_RETRY_MILLIS);
    }
  }

  /** Waits. Who knows that blocks are lost keeps the chain from who does not, meanwhile. */
  private void rest(long millis) throws InterruptedException {
    if (!lossKnown) {
      pause.millis(millis);
      return;
    }
    long stepMillis = tenure.renewalMillis();
    for (long left = millis; left > 0 && !closed; left -= stepMillis) {
      tenure.renew();
      pause.millis(Math.min(left, stepMillis));
    }
  }

  /** What was decided and not appended is dropped, what blocks owe the next writer sends. */
  private void dropSession() throws InterruptedException {
    if (session != null && folder.tip().fence() == ownFence) {
      ours = Optional.of(folder.tip());
    }
    endSession(0);
  }

  /**
   * What stops this server may stop no other: gives the chain away.
   *
   * @return whether it was ours
   */
  private boolean standAside() throws InterruptedException {
    if (!tenure.mayBeOurs()) {
      return false;
    }
    giveBack();
    return true;
  }

  private void giveBack() throws InterruptedException {
    tenure.giveBack(backOffMillis == MIN_BACK_OFF_MILLIS);
  }

  /** Time for another server to take it. */
  private long standAsideMillis() {
    return Math.clamp(limits.leaseMillis(), HALT_RETRY_MILLIS, MAX_STAND_ASIDE_MILLIS);
  }

  private CompletableFuture<AppendResult> takeOver() {
    ChainTip tip = folder.tip();
    return evictions
        .takeOver(folder.content())
        .map(body -> writer.appendEvictions(tip, tip.fence() + 1, body))
        .orElseGet(() -> writer.appendFence(tip, tip.fence() + 1));
  }

  private void followOrTakeOver()
      throws StoreUnavailable, ChainRefused, InterruptedException, Halt {
    if (!restored) {
      restorer.restore(folder);
      restored = true;
    }
    int folded = folder.catchUp();
    if (folded > 0) {
      log.debug(
          "{}: followed the chain by {} blocks to {}", partition(), folded, folder.tip().height());
      restorer.followed(folder);
      folder.lastAuthor().ifPresent(tenure::sawBlockOf);
    }
    if (!whole) {
      restorer.caughtUp(folder.tip());
      whole = true;
    }
    fitness.require();
    if (!tenure.hold()) {
      phase(new NodePhase.Following());
      pause.millis(limits.followMillis());
      return;
    }
    if (ours.filter(folder.tip()::equals).isPresent()) {
      // Not another fence for every try.
      beginSession();
      return;
    }
    switch (AppendOutcomes.await(takeOver())) {
      case AppendResult.Appended(var block) -> {
        var _ = folder.follow(block);
        log.info(
            "{}: writing the ledger from block {} on, fence {}",
            partition(),
            block.place().height(),
            block.fence());
        ours = Optional.of(folder.tip());
        ownFence = folder.tip().fence();
        beginSession();
        phase(new NodePhase.Writing());
      }
      case AppendResult.Superseded _, AppendResult.TakenOver _ -> {
        // The next round reads what stands there.
      }
      case AppendResult.BehindMemory behind ->
          throw new Halt(Halt.Kind.HISTORY_LOST, behind.explanation());
      case AppendResult.StoreDown(String detail, boolean unknown) ->
          throw new StoreUnavailable(detail);
      case AppendResult.Refused(var reason, String detail) -> throw Halt.refused(reason, detail);
    }
  }

  private void beginSession() throws StoreUnavailable, InterruptedException, Halt {
    session = sessions.begin(folder, pause);
    lossKnown = false;
    tenure.begun();
  }

  /** The server that writes the partition, this one or another, as far as this one knows. */
  Optional<String> writer() {
    return tenure.writer();
  }

  /** For how long this server has seen nobody write the partition. */
  long unwrittenMillis() {
    return tenure.unwrittenMillis();
  }

  private String partition() {
    return ChainPlace.stream(folder.tip().partition());
  }

  /**
   * After the last block, and before what it owes is sent: the next writer sends that too. No heir
   * is given a chain that lost blocks: its lease goes silent.
   */
  private void handOver() throws InterruptedException {
    if (!killed && !lossKnown) {
      giveBack();
    }
    endSession(killed ? 0 : limits.shutdownMillis());
  }

  /** What it owes, the next writer sends. */
  private void abandonSession() {
    try {
      endSession(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("{}: the session was not closed", partition(), e);
    }
  }

  private void endSession(long flushMillis) throws InterruptedException {
    WritingSession current = session;
    session = null;
    if (current != null) {
      current.close(flushMillis);
    }
  }

  private void phase(NodePhase next) {
    monitor.change(() -> phase = next);
  }

  /** Waits until the server writes; false when it does not in time. */
  boolean awaitWriting(long millis) throws InterruptedException {
    return monitor.awaitMillis(() -> phase instanceof NodePhase.Writing, millis);
  }

  /** Finishes the block in hand, lets the outbox finish, ends. */
  void close() throws InterruptedException {
    stop();
    thread.join(2 * limits.shutdownMillis());
  }

  /** Ends at once. */
  void kill() throws InterruptedException {
    killed = true;
    stop();
    thread.interrupt();
    thread.join(limits.shutdownMillis());
    WritingSession current = session;
    if (current != null) {
      current.close(0);
    }
  }

  /** Returns at once; see {@link #close}. */
  void stop() {
    monitor.change(() -> closed = true);
  }
}
