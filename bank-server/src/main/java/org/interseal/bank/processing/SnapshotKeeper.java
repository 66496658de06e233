package org.interseal.bank.processing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.bank.meters.BankMeters;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots of the immutable state in the background, has a block name each, and restores
 * from the latest.
 *
 * <p>A snapshot is a cache: whenever anything about it is wrong, the whole chain is folded instead.
 */
final class SnapshotKeeper implements SnapshotTaker, LedgerThread.Restorer {
  private static final Logger log = LoggerFactory.getLogger(SnapshotKeeper.class);
  private static final int PAGE = 64;

  /** Stored, and to be named by a block. */
  private record Stored(BlockBody.SnapshotRef ref, ChainTip tip) {}

  private final NodeSettings settings;
  private final NodePorts ports;
  private final ChainReader reader;
  private final Snapshots snapshots;
  private final Executor background;
  private final BankMeters meters;
  private long lastHeight;
  private volatile long restoredHeight;
  private volatile boolean busy;
  private volatile @Nullable Stored stored;

  SnapshotKeeper(
      NodeSettings settings,
      NodePorts ports,
      ChainIdentity chain,
      ChainReader reader,
      Executor background,
      BankMeters meters) {
    this.settings = settings;
    this.ports = ports;
    this.reader = reader;
    this.background = background;
    this.meters = meters;
    this.snapshots =
        new Snapshots(
            chain, ports.own().append(TableName.SNAPSHOTS), ports.periods(), ports.random());
  }

  @Override
  public BlockBody.@Nullable SnapshotRef toName() {
    Stored ready = stored;
    return ready == null ? null : ready.ref();
  }

  @Override
  public void appended(BlockBody body, ChainTip tip) {
    Stored named = stored;
    if (named != null && named.ref().equals(body.snapshot())) {
      stored = null;
      ports
          .snapshots()
          .remember(
              new SnapshotMemory.Taken(
                  SnapshotMemory.Taken.VERSION,
                  named.tip().height(),
                  named.tip().hash(),
                  named.tip().fence(),
                  named.ref().chunkIds()));
    }
  }

  @Override
  public void consider(LedgerState state, ChainTip tip) {
    if (busy
        || stored != null
        || tip.height() - lastHeight < settings.processing().snapshotBlocks()) {
      return;
    }
    busy = true;
    lastHeight = tip.height();
    try {
      background.execute(() -> take(state, tip));
    } catch (RejectedExecutionException e) {
      busy = false;
    }
  }

  private void take(LedgerState state, ChainTip tip) {
    try {
      switch (snapshots.store(SnapshotCodec.encode(state)).join()) {
        case Snapshots.StoreResult.Stored(List<String> chunkIds) -> {
          stored = new Stored(new BlockBody.SnapshotRef(tip.height(), chunkIds), tip);
          meters.rows(TableName.SNAPSHOTS, chunkIds.size());
          log.info("snapshot of block {} stored in {} chunks", tip.height(), chunkIds.size());
        }
        case Snapshots.StoreResult.NotStored(String detail) ->
            log.warn("no snapshot of block {}: {}", tip.height(), detail);
      }
    } catch (StoreUnavailable | RuntimeException e) {
      log.warn("no snapshot of block {}", tip.height(), e);
    } finally {
      busy = false;
    }
  }

  @Override
  public void restore(ChainFolder folder) throws StoreUnavailable, ChainRefused {
    Optional<SnapshotMemory.Taken> latest = ports.snapshots().latest();
    if (latest.isEmpty()) {
      return;
    }
    SnapshotMemory.Taken taken = latest.get();
    Optional<ChainTip> tip =
        load(taken)
            .map(state ->
                new ChainTip(
                    settings.partition(),
                    taken.height(),
                    taken.hash(),
                    taken.fence(),
                    LedgerContent.of(state, EvictionProofs.under(ports.directory()))));
    if (tip.isPresent() && isNamed(taken, tip.get())) {
      folder.restart(tip.get());
      lastHeight = taken.height();
      restoredHeight = taken.height();
      log.info("restored the snapshot of block {}", taken.height());
    } else {
      log.warn("the snapshot of block {} cannot be used: folding the whole chain", taken.height());
    }
  }

  /**
   * The block after which the snapshot was taken that this server began with; 0 when it folded the
   * whole chain.
   */
  long restoredHeight() {
    return restoredHeight;
  }

  private Optional<LedgerState> load(SnapshotMemory.Taken taken) throws StoreUnavailable {
    return switch (snapshots.load(taken.chunkIds())) {
      case Snapshots.LoadResult.Loaded(var chunks) -> {
        try {
          LedgerState state = SnapshotCodec.decode(chunks);
          boolean fits =
              state.bank().equals(settings.bank())
                  && state.partition() == settings.partition()
                  && state.height() == taken.height();
          yield fits ? Optional.of(state) : Optional.empty();
        } catch (MalformedMessage e) {
          yield Optional.empty();
        }
      }
      case Snapshots.LoadResult.Unusable(String chunkId, var fault) -> {
        log.warn("snapshot chunk {}: {}", chunkId, fault);
        yield Optional.empty();
      }
    };
  }

  /** Whether a block after that place, valid on that state, names just these chunks. */
  private boolean isNamed(SnapshotMemory.Taken taken, ChainTip from)
      throws StoreUnavailable, ChainRefused {
    BlockBody.SnapshotRef wanted = new BlockBody.SnapshotRef(taken.height(), taken.chunkIds());
    ChainTip tip = from;
    List<ChainedBlock> blocks = reader.readOn(tip, PAGE);
    while (!blocks.isEmpty()) {
      for (ChainedBlock block : blocks) {
        tip = block.tip();
        if (PublishedLedger.content(tip)
            .lastBody()
            .filter(body -> wanted.equals(body.snapshot()))
            .isPresent()) {
          return true;
        }
      }
      blocks = reader.readOn(tip, PAGE);
    }
    return false;
  }
}
