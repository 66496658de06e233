package org.interseal.launcher.verify;

import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainValidator;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.NodeTrust;
import org.interseal.bank.chain.Openings;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.chain.Snapshots;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.SnapshotCodec;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * What of a chain is closed, as its newest opening says that can be read.
 *
 * @param lastHeight the last block that nobody needs who has the opening
 * @param openedHeight the block whose state the opening is
 * @param closedBy the block that names it
 */
public record ClosedPart(
    ChainIdentity chain, long lastHeight, long openedHeight, Openings.Hint closedBy) {

  /** The closed part; empty when no period was closed. */
  public static Optional<ClosedPart> of(
      ChainIdentity chain, Store own, NodeTrust trust, PeriodKeys periods) throws StoreUnavailable {
    ChainReader reader =
        new ChainReader(
            chain,
            own.append(TableName.BLOCKS),
            new ChainValidator(chain, trust, periods),
            ChainMemory.none(),
            (_, _, _) -> {});
    Snapshots snapshots =
        new Snapshots(
            chain, own.append(TableName.SNAPSHOTS), periods, new java.security.SecureRandom());
    for (Openings.Hint hint : new Openings(chain, own.append(TableName.SNAPSHOTS)).newestFirst()) {
      Optional<BlockBody.SnapshotRef> ref = opening(reader, hint);
      Optional<LedgerState> state = ref.isEmpty() ? Optional.empty() : load(snapshots, ref.get());
      if (state.isPresent() && state.get().outboxDoneHeight() > 0) {
        return Optional.of(
            new ClosedPart(chain, state.get().outboxDoneHeight(), ref.get().height(), hint));
      }
    }
    return Optional.empty();
  }

  private static Optional<BlockBody.SnapshotRef> opening(ChainReader reader, Openings.Hint hint)
      throws StoreUnavailable {
    try {
      Optional<ChainedBlock> block = reader.find(hint.place().height(), hint.hash());
      if (block.isEmpty() || block.get().isFence()) {
        return Optional.empty();
      }
      BlockBody.SnapshotRef ref = BlockCodec.decode(block.get().body()).snapshot();
      return Optional.ofNullable(ref).filter(named -> opens(named, hint.period()));
    } catch (ChainRefused | MalformedMessage | IllegalStateException e) {
      // Whoever may write hints may point to anything.
      return Optional.empty();
    }
  }

  private static boolean opens(BlockBody.SnapshotRef ref, String period) {
    BlockBody.Opening opening = ref.opening();
    return opening != null && opening.period().equals(period);
  }

  /** The state in the chunks of a snapshot; empty when they are not what is named. */
  public static Optional<LedgerState> load(Snapshots snapshots, BlockBody.SnapshotRef ref)
      throws StoreUnavailable {
    if (!(snapshots.load(ref.chunkIds())
        instanceof Snapshots.LoadResult.Loaded(List<org.interseal.crypto.Bytes> chunks))) {
      return Optional.empty();
    }
    try {
      return Optional.of(SnapshotCodec.decode(chunks))
          .filter(state -> state.height() == ref.height());
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }

  /** Periods before the opened one. */
  public List<String> earlierPeriods() {
    return java.util.stream.IntStream.range(1, Integer.parseInt(closedBy.period()))
        .mapToObj(Integer::toString)
        .toList();
  }

  /** Where rows begin that are not closed. */
  public String endId() {
    return new ChainPlace(chain.partition(), lastHeight + 1, 0).rowId();
  }

  /** How the rows of the chain begin. */
  public String prefix() {
    return ChainPlace.stream(chain.partition()) + ".";
  }
}
