package org.interseal.bank.processing;

import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.Openings;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.crypto.Bytes;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Openings that a block descends from which this server knows already. A hint proves nothing, and
 * neither does the signature under the block that it points to: an evicted server has its key, and
 * the state that would tell of its eviction is what it would forge.
 */
final class ProvedOpenings {
  private static final Logger log = LoggerFactory.getLogger(ProvedOpenings.class);

  private final Openings openings;
  private final ChainReader reader;

  ProvedOpenings(Openings openings, ChainReader reader) {
    this.openings = openings;
    this.reader = reader;
  }

  /**
   * @param closedBy the block that names the opening
   * @param previous the hash of the block before that
   */
  record Proved(
      ChainMemory.Head closedBy,
      Bytes previous,
      BlockBody.SnapshotRef ref,
      BlockBody.Opening opening) {}

  /** All that somebody left, proved or not. */
  List<Openings.Hint> hints() throws StoreUnavailable {
    return openings.newestFirst();
  }

  /**
   * The newest opening that {@code known} is or descends from. What is no such costs nothing but
   * the way back along the hashes.
   *
   * @param hints the newest first
   */
  Optional<Proved> newest(List<Openings.Hint> hints, ChainMemory.Head known)
      throws StoreUnavailable {
    ChainMemory.Head at = known;
    for (Openings.Hint hint : hints) {
      long height = hint.place().height();
      if (height > at.height() || height < 1) {
        continue;
      }
      Optional<Bytes> hash = reader.ancestor(at.height(), at.hash(), height);
      if (hash.isEmpty()) {
        return Optional.empty();
      }
      at = new ChainMemory.Head(height, hash.get());
      Optional<Proved> proved = hint.hash().equals(hash.get()) ? read(hint) : Optional.empty();
      if (proved.isPresent()) {
        return proved;
      }
    }
    return Optional.empty();
  }

  private Optional<Proved> read(Openings.Hint hint) throws StoreUnavailable {
    try {
      Optional<ChainedBlock> found = reader.find(hint.place().height(), hint.hash());
      if (found.isEmpty() || found.get().isFence()) {
        return Optional.empty();
      }
      ChainedBlock block = found.get();
      BlockBody.SnapshotRef ref = PublishedLedger.body(block).snapshot();
      BlockBody.Opening opening = ref == null ? null : ref.opening();
      return ref != null && opening != null && opens(block, ref, opening, hint)
          ? Optional.of(
              new Proved(
                  new ChainMemory.Head(block.place().height(), block.hash()),
                  block.previousHash(),
                  ref,
                  opening))
          : Optional.empty();
    } catch (ChainRefused | IllegalStateException e) {
      log.warn("no opening at {}: {}", hint.place().rowId(), e.getMessage());
      return Optional.empty();
    }
  }

  private boolean opens(
      ChainedBlock block, BlockBody.SnapshotRef ref, BlockBody.Opening opening, Openings.Hint hint)
      throws StoreUnavailable {
    long height = block.place().height();
    return opening.period().equals(hint.period())
        && opening.period().equals(block.period())
        && ref.height() >= 1
        && ref.height() < height
        && reader
            .ancestor(height, block.hash(), ref.height())
            .filter(opening.hash()::equals)
            .isPresent();
  }
}
