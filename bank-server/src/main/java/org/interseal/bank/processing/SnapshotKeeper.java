package org.interseal.bank.processing;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.Openings;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.AppendTable;
import org.interseal.store.RunningTime;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots of the immutable state in the background, has a block name each, and restores
 * from the latest. A snapshot that opens a period closes the ones before.
 *
 * <p>A snapshot is a cache as long as its past is in the store: whenever anything about it is
 * wrong, an opening is used instead that the remembered head proves, and else the whole chain is
 * folded.
 */
final class SnapshotKeeper implements SnapshotTaker, LedgerThread.Restorer {
  private static final Logger log = LoggerFactory.getLogger(SnapshotKeeper.class);
  private static final int PAGE = 64;

  /** The newest proved openings that are tried at a start. */
  private static final int MAX_OPENINGS_TRIED = 8;

  /** Stored, and to be named by a block. */
  private record Stored(BlockBody.SnapshotRef ref, ChainTip tip) {}

  private final NodeSettings settings;
  private final NodePorts ports;
  private final SnapshotMemory memory;
  private final ChainIdentity chain;
  private final ChainReader reader;
  private final Snapshots snapshots;
  private final ChainMemory seen;
  private final Openings openings;
  private final ProvedOpenings proved;
  private final OpeningDue openingDue;
  private final Executor background;
  private final BankMeters meters;
  private final AtomicReference<ChainFolder.@Nullable Named> toCompare = new AtomicReference<>();
  private long lastHeight;
  private volatile long comparedHeight;
  private volatile long restoredHeight;
  private volatile boolean busy;
  private volatile @Nullable Stored stored;

  SnapshotKeeper(
      NodeSettings settings,
      NodePorts ports,
      PartitionDisk disk,
      ChainIdentity chain,
      ChainReader reader,
      Executor background,
      RunningTime time,
      BankMeters meters) {
    this.settings = settings;
    this.ports = ports;
    this.memory = disk.snapshots();
    this.seen = disk.memory();
    this.chain = chain;
    this.reader = reader;
    this.background = background;
    this.meters = meters;
    AppendTable table = ports.own().append(TableName.SNAPSHOTS);
    this.snapshots = new Snapshots(chain, table, ports.periods(), ports.random());
    this.openings = new Openings(chain, table);
    this.proved = new ProvedOpenings(openings, reader);
    this.openingDue = new OpeningDue(time);
  }

  @Override
  public BlockBody.@Nullable SnapshotRef toName() {
    Stored ready = stored;
    return ready == null ? null : ready.ref();
  }

  @Override
  public void appended(BlockBody body, ChainedBlock block) {
    Stored named = stored;
    if (named == null || !named.ref().equals(body.snapshot())) {
      return;
    }
    stored = null;
    remember(named.ref(), named.tip());
    BlockBody.Opening opening = named.ref().opening();
    if (opening != null) {
      openingDue.opened(opening.period());
      log.info(
          "block {} opens period {} with the state of block {}",
          block.place().height(),
          opening.period(),
          named.ref().height());
      inBackground(() -> leaveHint(opening.period(), block));
    }
  }

  private void remember(BlockBody.SnapshotRef ref, ChainTip tip) {
    memory.remember(
        new SnapshotMemory.Taken(
            SnapshotMemory.Taken.VERSION,
            tip.height(),
            tip.hash(),
            tip.fence(),
            tip.period(),
            ref.chunkIds()));
  }

  /** Lost in a crash, or here, it costs another opening. */
  private void leaveHint(String period, ChainedBlock block) {
    if (!openings.leave(new Openings.Hint(period, block.place(), block.hash())).join()) {
      log.warn("no hint at the opening in block {} was stored", block.place().height());
    }
  }

  /**
   * What another server took serves this one as well, once it proves to be the state that was
   * folded here: that a block names it is the word of its writer alone. A period that it opens
   * counts as opened only once its hint is in the store: that server may have died before.
   */
  @Override
  public void followed(ChainFolder folder) {
    folder
        .newlyNamed()
        .filter(named -> named.ref().height() > restoredHeight)
        .ifPresent(named -> {
          if (toCompare.getAndSet(named) == null && !inBackground(this::compare)) {
            toCompare.set(null);
          }
        });
  }

  private void compare() {
    ChainFolder.Named named = toCompare.getAndSet(null);
    if (named == null) {
      return;
    }
    BlockBody.SnapshotRef ref = named.ref();
    RecentStates.Folded own = named.own().orElse(null);
    if (own == null) {
      log.warn(
          "a snapshot of block {} was named, whose state is not at hand: not used", ref.height());
      return;
    }
    try {
      switch (compared(own.state(), ref.chunkIds())) {
        case SAME -> {
          remember(ref, tip(own.height(), own.hash(), own.fence(), own.period(), own.state()));
          comparedHeight = own.height();
        }
        case FALSE ->
            log.error(
                "the snapshot of block {} that another server named is FALSE: not used; find out"
                    + " which server wrote the block that names it",
                ref.height());
        case OTHER_VERSION ->
            log.warn(
                "the snapshot of block {} that another server named has the format of another version"
                    + " of the program: not used",
                ref.height());
        case UNREADABLE ->
            log.warn(
                "the snapshot of block {} that another server named cannot be read: not used",
                ref.height());
      }
    } catch (StoreUnavailable | RuntimeException e) {
      log.warn("the snapshot of block {} was not compared, and is not used", ref.height(), e);
    }
  }

  private enum Comparison {
    SAME,
    FALSE,
    OTHER_VERSION,
    UNREADABLE
  }

  /**
   * A chunk at a time, up to the first that differs: few servers have memory for a second state,
   * and who named it may be mad. Equal bytes are read as equal states, so nothing is decoded.
   */
  private Comparison compared(LedgerState own, List<String> chunkIds) throws StoreUnavailable {
    Iterator<Bytes> chunks = SnapshotCodec.chunks(own);
    AtomicReference<@Nullable Bytes> first = new AtomicReference<>();
    try {
      Snapshots.LoadResult loaded =
          snapshots.load(
              chunkIds,
              chunk -> {
                first.compareAndSet(null, chunk);
                if (!chunks.hasNext() || !chunks.next().equals(chunk)) {
                  throw new MalformedMessage("not a chunk of that state");
                }
              });
      return switch (loaded) {
        case Snapshots.LoadResult.Loaded() -> chunks.hasNext() ? Comparison.FALSE : Comparison.SAME;
        case Snapshots.LoadResult.Unusable(String chunkId, var fault) -> {
          log.warn("snapshot chunk {}: {}", chunkId, fault);
          yield fault == Snapshots.Fault.ALTERED ? Comparison.FALSE : Comparison.UNREADABLE;
        }
      };
    } catch (MalformedMessage e) {
      Bytes chunk = first.get();
      return chunk == null || SnapshotCodec.isOfThisVersion(chunk)
          ? Comparison.FALSE
          : Comparison.OTHER_VERSION;
    }
  }

  @Override
  public void consider(LedgerState state, ChainedBlock block) {
    if (busy || stored != null) {
      return;
    }
    boolean opens = openingDue.isNow(state, block);
    long height = block.place().height();
    long last = Math.max(lastHeight, comparedHeight);
    if (!opens && height - last < settings.processing().snapshotBlocks()) {
      return;
    }
    busy = true;
    lastHeight = height;
    if (!inBackground(() -> take(state, block, opens))) {
      busy = false;
    }
  }

  @Override
  public boolean wantsBlock(LedgerState state, long outboxDoneHeight) {
    Stored ready = stored;
    if (ready != null) {
      return ready.ref().opening() != null;
    }
    return !busy && openingDue.wantsBlock(ports.periods().currentPeriod(), state, outboxDoneHeight);
  }

  private boolean inBackground(Runnable task) {
    try {
      background.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void take(LedgerState state, ChainedBlock block, boolean opens) {
    long height = block.place().height();
    CompletableFuture<Snapshots.StoreResult> storing;
    try {
      if (opens && isOpened(block)) {
        openingDue.opened(block.period());
        busy = false;
        return;
      }
      storing = snapshots.store(SnapshotCodec.chunks(state), background);
    } catch (StoreUnavailable | RuntimeException | Error e) {
      storing = CompletableFuture.failedFuture(e);
    }
    var _ =
        storing.whenComplete((result, failure) -> {
          try {
            if (failure == null) {
              taken(result, block, opens);
            } else if (!isStop(failure)) {
              log.warn("no snapshot of block {}", height, failure);
            }
          } finally {
            busy = false;
          }
        });
  }

  /** Half of its chunks are stored when this server stops: the next start makes another. */
  private static boolean isStop(Throwable failure) {
    return failure instanceof RejectedExecutionException
        || failure.getCause() instanceof RejectedExecutionException;
  }

  private void taken(Snapshots.StoreResult result, ChainedBlock block, boolean opens) {
    long height = block.place().height();
    switch (result) {
      case Snapshots.StoreResult.Stored(List<String> chunkIds) -> {
        BlockBody.Opening opening =
            opens ? new BlockBody.Opening(block.period(), block.hash(), block.fence()) : null;
        stored = new Stored(new BlockBody.SnapshotRef(height, chunkIds, opening), block.tip());
        meters.rows(TableName.SNAPSHOTS, chunkIds.size());
        log.info("snapshot of block {} stored in {} chunks", height, chunkIds.size());
      }
      case Snapshots.StoreResult.NotStored(String detail) ->
          log.warn("no snapshot of block {}: {}", height, detail);
    }
  }

  /** Whether another writer, or this one before a restart, has opened the block's period. */
  private boolean isOpened(ChainedBlock block) throws StoreUnavailable {
    List<Openings.Hint> hints =
        proved.hints().stream().filter(hint -> hint.period().equals(block.period())).toList();
    return proved
        .newest(hints, new ChainMemory.Head(block.place().height(), block.hash()))
        .isPresent();
  }

  @Override
  public void restore(ChainFolder folder) throws StoreUnavailable, ChainRefused {
    List<Openings.Hint> hints = proved.hints();
    Optional<ChainMemory.Head> head = seen.remembered();
    Optional<ProvedOpenings.Proved> newest =
        head.isEmpty() ? Optional.empty() : proved.newest(hints, head.get());
    if (!restoreOwn(folder) && !restoreOpening(folder, hints, newest)) {
      requireBeginning(hints, head);
    }
    newest.ifPresent(opening -> openingDue.opened(opening.opening().period()));
  }

  private boolean restoreOwn(ChainFolder folder) throws StoreUnavailable, ChainRefused {
    Optional<SnapshotMemory.Taken> latest = memory.latest();
    if (latest.isEmpty()) {
      return false;
    }
    SnapshotMemory.Taken taken = latest.get();
    Optional<ChainTip> tip =
        load(taken.height(), taken.chunkIds())
            .map(state -> tip(taken.height(), taken.hash(), taken.fence(), taken.period(), state));
    if (tip.isPresent() && reader.descendsFromSeen(tip.get()) && isNamed(taken, tip.get())) {
      restart(folder, tip.get());
      return true;
    }
    log.warn("the snapshot of block {} cannot be used", taken.height());
    return false;
  }

  /**
   * From an opening in the store that this server's remembered head, or the one that an operator
   * gave it, descends from. A state from elsewhere could be anybody's who ever had a key.
   */
  private boolean restoreOpening(
      ChainFolder folder, List<Openings.Hint> hints, Optional<ProvedOpenings.Proved> newest)
      throws StoreUnavailable, ChainRefused {
    Optional<ProvedOpenings.Proved> next = newest;
    for (int tried = 0; next.isPresent() && tried < MAX_OPENINGS_TRIED; tried++) {
      ProvedOpenings.Proved opening = next.get();
      BlockBody.SnapshotRef ref = opening.ref();
      Optional<ChainTip> tip =
          load(ref.height(), ref.chunkIds())
              .map(state ->
                  tip(
                      ref.height(),
                      opening.opening().hash(),
                      opening.opening().fence(),
                      PeriodKeys.number(opening.opening().period()),
                      state));
      if (tip.isPresent() && leadsTo(opening.closedBy(), tip.get())) {
        restart(folder, tip.get());
        remember(ref, tip.get());
        return true;
      }
      log.warn("the opening in block {} cannot be used", opening.closedBy().height());
      next =
          proved.newest(
              hints, new ChainMemory.Head(opening.closedBy().height() - 1, opening.previous()));
    }
    return false;
  }

  /** Nobody may take a chain whose past is out of sight for one that begins. */
  private void requireBeginning(List<Openings.Hint> hints, Optional<ChainMemory.Head> head)
      throws StoreUnavailable, ChainRefused {
    AppendTable blocks = ports.own().append(TableName.BLOCKS);
    ChainPlace first = new ChainPlace(chain.partition(), 1, 0);
    String prefix = ChainPlace.stream(chain.partition()) + ".";
    boolean missing =
        blocks.find(first.rowId()).isEmpty()
            && (!hints.isEmpty() || !blocks.readById(prefix, "", 1).isEmpty());
    if (missing || ports.periods().beginsWithOpening()) {
      throw new ChainRefused(
          ChainRefused.Reason.BEGINNING_MISSING,
          "the beginning of "
              + chain
              + " was dropped, and the store shows no opening that can be used: "
              + head.map(saw ->
                      "this server saw block "
                          + saw.height()
                          + " ("
                          + saw.hash().toHex()
                          + "), which descends from none")
                  .orElse("this server remembers no block that one could be held against")
              + "; restore the rows that are missing, or accept as chain head a newer block that"
              + " another server of the bank shows");
    }
  }

  @Override
  public void caughtUp(ChainTip tip) throws StoreUnavailable, ChainRefused {
    if (restoredHeight == 0 && reader.goesOnAfterHole(tip)) {
      throw new ChainRefused(
          ChainRefused.Reason.BEGINNING_MISSING,
          "rows after block "
              + tip.height()
              + " of "
              + chain
              + " are missing, and blocks of the bank's servers stand further on: restore the rows,"
              + " or accept as chain head a newer block that another server of the bank shows, and"
              + " start again; when a server that has gone mad wrote them, evict it");
    }
  }

  private void restart(ChainFolder folder, ChainTip tip) {
    folder.restart(tip);
    lastHeight = tip.height();
    restoredHeight = tip.height();
    log.info("restored the snapshot of block {}", tip.height());
  }

  private ChainTip tip(long height, Bytes hash, long fence, int period, LedgerState state) {
    return new ChainTip(
        settings.partition(),
        height,
        hash,
        fence,
        period,
        LedgerContent.of(state, EvictionProofs.under(ports.directory())));
  }

  /**
   * The block after which the snapshot was taken that this server began with; 0 when it folded the
   * whole chain.
   */
  long restoredHeight() {
    return restoredHeight;
  }

  private Optional<LedgerState> load(long height, List<String> chunkIds) throws StoreUnavailable {
    SnapshotCodec.Decoder decoder = new SnapshotCodec.Decoder();
    try {
      return switch (snapshots.load(chunkIds, decoder::read)) {
        case Snapshots.LoadResult.Loaded() -> {
          LedgerState state = decoder.finish();
          boolean fits =
              state.bank().equals(settings.bank())
                  && state.partition() == settings.partition()
                  && state.height() == height;
          yield fits ? Optional.of(state) : Optional.empty();
        }
        case Snapshots.LoadResult.Unusable(String chunkId, var fault) -> {
          log.warn("snapshot chunk {}: {}", chunkId, fault);
          yield Optional.empty();
        }
      };
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }

  /** Whether a block after that place, valid on that state, names just these chunks. */
  private boolean isNamed(SnapshotMemory.Taken taken, ChainTip from)
      throws StoreUnavailable, ChainRefused {
    ChainTip tip = from;
    List<ChainedBlock> blocks = reader.readOn(tip, PAGE);
    while (!blocks.isEmpty()) {
      for (ChainedBlock block : blocks) {
        tip = block.tip();
        if (PublishedLedger.content(tip)
            .lastBody()
            .map(BlockBody::snapshot)
            .filter(ref -> ref.isOf(taken.height(), taken.chunkIds()))
            .isPresent()) {
          return true;
        }
      }
      blocks = reader.readOn(tip, PAGE);
    }
    return false;
  }

  /** Whether the chain from that place on comes to the given block. */
  private boolean leadsTo(ChainMemory.Head later, ChainTip from)
      throws StoreUnavailable, ChainRefused {
    ChainTip tip = from;
    List<ChainedBlock> blocks = reader.readOn(tip, PAGE);
    while (!blocks.isEmpty()) {
      for (ChainedBlock block : blocks) {
        if (block.place().height() == later.height()) {
          return block.hash().equals(later.hash());
        }
      }
      tip = blocks.getLast().tip();
      blocks = reader.readOn(tip, PAGE);
    }
    return false;
  }
}
