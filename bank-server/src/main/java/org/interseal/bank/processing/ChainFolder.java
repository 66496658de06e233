package org.interseal.bank.processing;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainRefused;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/** Follows the chain and keeps the state. For the ledger thread. */
final class ChainFolder {
  private static final int PAGE = 64;

  /**
   * Blocks whose inputs are remembered, so that a start does not open the overlap's rows once more.
   */
  private static final int RECENT_BLOCKS = 2_000;

  private final ChainReader reader;
  private final PublishedLedger published;
  private final ArrayDeque<List<String>> recent = new ArrayDeque<>();
  private final RecentStates states = new RecentStates();
  private @Nullable Named named;
  private @Nullable String lastAuthor;
  private ChainTip tip;

  /**
   * A snapshot that a block of another server names.
   *
   * @param own the state that was folded here at its height, empty when it is not kept any more
   */
  record Named(BlockBody.SnapshotRef ref, Optional<RecentStates.Folded> own) {}

  ChainFolder(ChainReader reader, PublishedLedger published) {
    this.reader = reader;
    this.published = published;
    this.tip = published.tip();
  }

  LedgerState state() {
    return content().state();
  }

  /** What the chain adds up to. */
  LedgerContent content() {
    return PublishedLedger.content(tip);
  }

  ChainTip tip() {
    return tip;
  }

  /** Follows what the chain has beyond the tip; returns how many blocks that were. */
  int catchUp() throws StoreUnavailable, ChainRefused {
    int followed = 0;
    List<ChainedBlock> blocks = reader.readOn(tip, PAGE);
    while (!blocks.isEmpty()) {
      for (ChainedBlock block : blocks) {
        take(block).ifPresent(this::noteSnapshot);
        states.add(tip);
        followed++;
      }
      blocks = reader.readOn(tip, PAGE);
    }
    published.reachedEnd();
    return followed;
  }

  private void noteSnapshot(BlockBody body) {
    BlockBody.SnapshotRef ref = body.snapshot();
    if (ref != null) {
      named = new Named(ref, states.at(ref.height()));
    }
  }

  /** Takes on the block after the tip, which this server wrote; its content, unless a fence. */
  Optional<BlockBody> follow(ChainedBlock block) {
    states.clear();
    return take(block);
  }

  private Optional<BlockBody> take(ChainedBlock block) {
    tip = block.tip();
    lastAuthor = block.node();
    published.publish(tip);
    Optional<BlockBody> body = content().lastBody();
    body.ifPresent(this::remember);
    return body;
  }

  /** The server that wrote the last block which was followed. */
  Optional<String> lastAuthor() {
    return Optional.ofNullable(lastAuthor);
  }

  /** Before anything was followed: goes on from a snapshot. */
  void restart(ChainTip at) {
    tip = at;
    published.restart(at);
  }

  /** The latest snapshot that a block names which was followed since this was asked last. */
  Optional<Named> newlyNamed() {
    Optional<Named> latest = Optional.ofNullable(named);
    named = null;
    return latest;
  }

  private void remember(BlockBody body) {
    recent.addLast(body.consumed());
    if (recent.size() > RECENT_BLOCKS) {
      recent.removeFirst();
    }
  }

  /**
   * Submissions that were consumed whole by blocks folded here. The last block is left out: a
   * letter with many items may go on in the next one.
   */
  Set<String> consumedSubmissions() {
    Set<String> submissions = new HashSet<>();
    recent.stream()
        .limit(Math.max(0, recent.size() - 1))
        .flatMap(Collection::stream)
        .forEach(reference -> submissions.add(submission(reference)));
    if (!recent.isEmpty()) {
      recent.getLast().forEach(reference -> submissions.remove(submission(reference)));
    }
    return submissions;
  }

  private static String submission(String reference) {
    int slash = reference.indexOf('/');
    return slash < 0 ? reference : reference.substring(0, slash);
  }
}
