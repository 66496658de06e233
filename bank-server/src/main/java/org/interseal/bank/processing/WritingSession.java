package org.interseal.bank.processing;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.interseal.bank.chain.AppendResult;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainWriter;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.inbox.Inbox;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.inbox.StreamFollower;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockDraft;
import org.interseal.bank.ledger.Decision;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OwedMessages;
import org.interseal.bank.meters.BankMeters;
import org.interseal.bank.outbox.Outbox;
import org.interseal.bank.outbox.OutboxBlock;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.InterbankMessage;
import org.interseal.store.Position;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time during which this server writes the chain: from its fence block until it stops or
 * another takes over. For the ledger thread.
 *
 * <p>Inputs stay in hand ({@code carried}) from the moment they are taken until a block that
 * consumed them stands, whatever fails in between.
 */
final class WritingSession {
  /** What follows a round. */
  enum Next {
    GO_ON,
    /** Another server writes now. */
    STEP_DOWN
  }

  private static final Logger log = LoggerFactory.getLogger(WritingSession.class);
  private static final long IDLE_MILLIS = 100;
  private static final long RETRY_MILLIS = 500;

  /**
   * A letter brings up to {@link InterbankMessage#MAX_ITEMS} inputs, and all of them may come on
   * top.
   */
  private static final int ENOUGH = BlockBody.MAX_ITEMS - InterbankMessage.MAX_ITEMS;

  private final ChainFolder folder;
  private final ChainWriter writer;
  private final Inbox inbox;
  private final StreamFollower follower;
  private final Outbox outbox;
  private final InternalInputs internal;
  private final SnapshotTaker snapshots;
  private final ClockGuard clockGuard;
  private final InstantSource clock;
  private final RunningTime time;
  private final BankMeters meters;
  private final PaymentTrail trail;
  private final long blockIntervalNanos;
  private final LedgerThread.Pause pause;

  private List<InboxItem> carried = new ArrayList<>();
  private long lastBlockNanos;

  WritingSession(
      ChainFolder folder,
      ChainWriter writer,
      Inbox inbox,
      StreamFollower follower,
      Outbox outbox,
      InternalInputs internal,
      SnapshotTaker snapshots,
      ClockGuard clockGuard,
      InstantSource clock,
      RunningTime time,
      BankMeters meters,
      long blockIntervalMillis,
      LedgerThread.Pause pause) {
    this.folder = folder;
    this.writer = writer;
    this.inbox = inbox;
    this.follower = follower;
    this.outbox = outbox;
    this.internal = internal;
    this.snapshots = snapshots;
    this.clockGuard = clockGuard;
    this.clock = clock;
    this.time = time;
    this.meters = meters;
    this.trail = new PaymentTrail(meters);
    this.blockIntervalNanos = TimeUnit.MILLISECONDS.toNanos(blockIntervalMillis);
    this.pause = pause;
    this.lastBlockNanos = time.nanoTime() - blockIntervalNanos;
  }

  Inbox inbox() {
    return inbox;
  }

  Outbox outbox() {
    return outbox;
  }

  StreamFollower follower() {
    return follower;
  }

  /** Makes one block of what there is, or waits a little when there is nothing. */
  Next produce() throws InterruptedException, StoreUnavailable, Halt {
    if (!outbox.awaitRoom(IDLE_MILLIS)) {
      return Next.GO_ON;
    }
    gather();
    putNewsFirst();
    if (carried.isEmpty() && !snapshots.wantsBlock(folder.state(), outbox.doneHeight())) {
      return Next.GO_ON;
    }
    clockGuard.require();
    return decideAndAppend();
  }

  private void gather() throws InterruptedException {
    // What the bank tells itself is looked up again: meanwhile it may be otherwise.
    carried.removeIf(item -> !item.isFromMessage());
    if (carried.isEmpty()) {
      carried.addAll(internal.news(folder.state()));
    }
    if (carried.isEmpty()) {
      carried.addAll(inbox.take(ENOUGH, IDLE_MILLIS));
    }
    long deadline = lastBlockNanos + blockIntervalNanos;
    while (!carried.isEmpty() && carried.size() < ENOUGH) {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - time.nanoTime());
      List<InboxItem> more = inbox.take(ENOUGH - carried.size(), Math.max(0, leftMillis));
      carried.addAll(more);
      if (leftMillis <= 0) {
        return;
      }
    }
  }

  /**
   * What the letters in hand rely on comes before them: they were verified by a registry that the
   * ledger may not have noted yet.
   */
  private void putNewsFirst() {
    carried.removeIf(item -> !item.isFromMessage());
    List<InboxItem> news = new ArrayList<>(internal.news(folder.state()));
    if (!news.isEmpty()) {
      news.addAll(carried);
      carried = news;
    }
  }

  private record Decided(InboxItem item, Decision decision) {}

  private Next decideAndAppend() throws InterruptedException, StoreUnavailable, Halt {
    LedgerState base = folder.state();
    BlockDraft draft = new BlockDraft(base, 0, Math.max(base.ledgerTimeMillis(), clock.millis()));
    List<Decided> decided = new ArrayList<>(carried.size());
    // Without inputs: for the sake of a period's opening.
    boolean effect = carried.isEmpty();
    for (int i = 0; i < carried.size(); i++) {
      Optional<Decision> decision = decide(draft, i);
      if (decision.isEmpty()) {
        break;
      }
      decided.add(new Decided(carried.get(i), decision.get()));
      effect |= !decision.get().events().isEmpty() || !decision.get().owed().isEmpty();
    }
    if (decided.isEmpty() && !carried.isEmpty()) {
      throw new IllegalStateException(
          "an input that no block holds: " + carried.getFirst().input().reference());
    }
    inbox.consumed(decided.stream().map(Decided::item).toList());
    if (!effect) {
      // Duplicates and the like change nothing and owe nothing: they need no block, and are told
      // again by a re-read.
      settle(base, base.height(), decided);
      return Next.GO_ON;
    }
    Position cursor = inbox.cursor().compareTo(base.cursor()) > 0 ? inbox.cursor() : base.cursor();
    long outboxDone = Math.max(base.outboxDoneHeight(), outbox.doneHeight());
    BlockBody body = draft.body(cursor, outboxDone, snapshots.toName());
    lastBlockNanos = time.nanoTime();
    return append(draft, body, decided);
  }

  private Optional<Decision> decide(BlockDraft draft, int index) {
    InboxItem item = carried.get(index);
    try {
      return draft.add(item.input());
    } catch (RuntimeException e) {
      if (!item.isFromMessage()) {
        return holdSibling(draft, index, e);
      }
      // A bug that a remote party has met. The draft is as it was; without this, one message would
      // stop the bank.
      log.error("deciding {} failed; the message is set aside", item.input().reference(), e);
      carried.set(index, inbox.quarantine(item));
      return draft.add(carried.get(index).input());
    }
  }

  /** What another partition's chain says must not stop this one. The draft is as it was. */
  private Optional<Decision> holdSibling(BlockDraft draft, int index, RuntimeException failure) {
    LedgerInput input = carried.get(index).input();
    if (!internal.hold(input)) {
      throw failure;
    }
    int from = SiblingInputs.sibling(input);
    log.error(
        "{} cannot be decided; partition {} waits, the others go on",
        input.reference(),
        from,
        failure);
    carried
        .subList(index, carried.size())
        .removeIf(item -> SiblingInputs.sibling(item.input()) == from);
    return index < carried.size() ? decide(draft, index) : Optional.empty();
  }

  private Next append(BlockDraft draft, BlockBody body, List<Decided> decided)
      throws InterruptedException, StoreUnavailable, Halt {
    LedgerState base = folder.state();
    Bytes encoded = folder.content().prepare(body, draft.after(body));
    AppendResult result = AppendOutcomes.await(writer.append(folder.tip(), encoded));
    while (result instanceof AppendResult.StoreDown down && !pause.isClosed()) {
      // The same body goes on with the same bytes, so insisting is safe, and anything else would
      // not be.
      pause.log("the store does not take a block: " + down.detail());
      pause.millis(RETRY_MILLIS);
      result = AppendOutcomes.await(writer.append(folder.tip(), encoded));
    }
    return switch (result) {
      case AppendResult.Appended(ChainedBlock block) -> {
        meters.block(decided.size(), Duration.ofNanos(time.nanoTime() - lastBlockNanos));
        meters.rows(TableName.BLOCKS, 1);
        var _ = folder.follow(block);
        owe(block, body);
        settle(base, block.place().height(), decided);
        snapshots.appended(body, block);
        snapshots.consider(folder.state(), block);
        yield Next.GO_ON;
      }
      case AppendResult.Superseded(ChainedBlock other) -> {
        if (isOvertakenBy(other)) {
          yield Next.STEP_DOWN;
        }
        superseded(other);
        yield Next.GO_ON;
      }
      case AppendResult.TakenOver _ -> Next.STEP_DOWN;
      case AppendResult.BehindMemory behind ->
          throw new Halt(Halt.Kind.HISTORY_LOST, behind.explanation());
      case AppendResult.StoreDown(String detail, boolean unknown) ->
          throw new StoreUnavailable(detail);
      case AppendResult.Refused(var reason, String detail) -> throw Halt.refused(reason, detail);
    };
  }

  /**
   * Whoever raised the fence sends what its blocks owe. Were this server to send it too, its row
   * could come first, and when it is evicted nobody would believe that row, nor sign it again.
   */
  private boolean isOvertakenBy(ChainedBlock other) {
    return other.fence() > folder.tip().fence();
  }

  /** What another block consumed is not decided again. */
  private void superseded(ChainedBlock other) {
    Optional<BlockBody> body = folder.follow(other);
    if (body.isEmpty()) {
      return;
    }
    owe(other, body.get());
    Set<String> consumed = new HashSet<>(body.get().consumed());
    carried.removeIf(item -> consumed.contains(item.input().reference()));
  }

  private void settle(LedgerState base, long height, List<Decided> decided) {
    carried = new ArrayList<>(carried.subList(decided.size(), carried.size()));
    for (Decided one : decided) {
      internal.decided(one.item().input());
      trail.decided(base, height, one.item().input(), one.decision());
    }
  }

  private void owe(ChainedBlock block, BlockBody body) {
    ChainTip tip = block.tip();
    LedgerState state = folder.state();
    outbox.accept(
        new OutboxBlock(
            new ChainHead(state.bank(), tip.partition(), tip.height(), tip.hash()),
            OwedMessages.resolveAll(body, state::device),
            evicted(body)));
  }

  private static Set<String> evicted(BlockBody body) {
    Set<String> names = new HashSet<>();
    for (LedgerEvent event : body.events()) {
      if (event instanceof LedgerEvent.ServerEvicted eviction) {
        names.add(eviction.node());
      }
    }
    return names;
  }

  /** Hands everything to the outbox that blocks before this session may have left undone. */
  void replayOutbox(PublishedLedger ledger) throws StoreUnavailable, InterruptedException, Halt {
    for (long height = folder.state().outboxDoneHeight() + 1;
        height <= folder.tip().height();
        height++) {
      while (!outbox.awaitRoom(IDLE_MILLIS)) {
        if (pause.isClosed()) {
          return;
        }
      }
      ChainedBlock block = ledger.chainedBlock(height).orElse(null);
      if (block == null) {
        throw new Halt(
            Halt.Kind.HISTORY_LOST,
            "the store has lost block "
                + height
                + " of the chain, and what it owes with it: restore the store");
      }
      if (block.isFence()) {
        outbox.nothingOwed(height);
      } else {
        owe(block, PublishedLedger.body(block));
      }
    }
  }

  /**
   * @param flushMillis how long the outbox may take, 0 to leave it to the next start
   */
  void close(long flushMillis) throws InterruptedException {
    follower.close();
    if (flushMillis > 0 && !outbox.flush(flushMillis)) {
      pause.log("not everything owed was sent; the next start goes on");
    }
    outbox.close();
  }
}
