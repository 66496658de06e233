package org.interseal.bank.processing;

import java.util.Optional;
import org.interseal.bank.chain.ChainContent;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.BlockCodec;
import org.interseal.bank.ledger.BlockRules;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerEvent;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OwedMessages;
import org.interseal.bank.ledger.SiblingMail;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.jspecify.annotations.Nullable;

/**
 * The ledger that a chain adds up to. A block must be readable, within all limits, create or
 * destroy no money, and fold onto this state.
 *
 * <p>A writer reads back what it is about to append. It has the content and its outcome at hand, so
 * that neither is worked out again from those very bytes.
 */
public final class LedgerContent implements ChainContent {
  /** An older program takes blocks with evictions for later ones, and stops at them. */
  private static final int FIRST_VERSION_WITH_EVICTIONS = 2;

  /** The same for what partitions of one bank do with each other. */
  private static final int FIRST_VERSION_WITH_SIBLINGS = 2;

  /** The same for what opens a period. */
  private static final int FIRST_VERSION_WITH_OPENINGS = 2;

  private record Prepared(LedgerContent before, Bytes bytes, BlockBody body, LedgerState after) {}

  /** What the writer of this process is about to append. */
  private static final class Desk {
    private volatile @Nullable Prepared prepared;
  }

  private final LedgerState state;
  private final @Nullable BlockBody lastBody;
  private final EvictionProofs proofs;
  private final Desk desk;

  private LedgerContent(
      LedgerState state, @Nullable BlockBody lastBody, EvictionProofs proofs, Desk desk) {
    this.state = state;
    this.lastBody = lastBody;
    this.proofs = proofs;
    this.desk = desk;
  }

  /** The content of a chain that begins. */
  public static LedgerContent empty(BankId bank, int partition, EvictionProofs proofs) {
    return of(Ledger.empty(bank, partition), proofs);
  }

  /** The content at a block that a snapshot was taken of. */
  public static LedgerContent of(LedgerState state, EvictionProofs proofs) {
    return new LedgerContent(state, null, proofs, new Desk());
  }

  public LedgerState state() {
    return state;
  }

  /** The last block's body, unless that block is a fence or was not followed here. */
  public Optional<BlockBody> lastBody() {
    return Optional.ofNullable(lastBody);
  }

  /**
   * Encodes the next block of our own.
   *
   * @param after what it leads to from this state
   */
  Bytes prepare(BlockBody body, LedgerState after) {
    Bytes bytes = BlockCodec.encode(body);
    desk.prepared = new Prepared(this, bytes, body, after);
    return bytes;
  }

  @Override
  public Next next(long height, int version, Bytes body) {
    Prepared ours = desk.prepared;
    if (ours != null && ours.before().equals(this) && ours.bytes().equals(body)) {
      return defect(version, ours.body())
          .<Next>map(Next.Objection::new)
          .orElseGet(() -> fits(ours.after(), ours.body()));
    }
    try {
      return body.size() == 0
          ? fits(Ledger.foldFence(state, height), null)
          : folded(height, version, BlockCodec.decode(body));
    } catch (MalformedMessage e) {
      return new Next.Objection("not readable");
    } catch (RuntimeException e) {
      // Whatever its author had in mind: for every reader of these blocks it is the same nonsense.
      return new Next.Objection("does not fit the ledger: " + e.getClass().getSimpleName());
    }
  }

  private Next folded(long height, int version, BlockBody body) {
    Optional<String> defect = defect(version, body);
    if (defect.isPresent()) {
      return new Next.Objection(defect.get());
    }
    LedgerState after = Ledger.fold(state, body, height);
    // Whoever follows has to send what the block owes.
    var _ = OwedMessages.resolveAll(body, after::device);
    return fits(after, body);
  }

  /**
   * What belongs to a later version is none of an older one's. And an eviction without its proof,
   * by whatever server, takes nobody's voice away.
   */
  private Optional<String> defect(int version, BlockBody body) {
    for (LedgerEvent event : body.events()) {
      if (version < FIRST_VERSION_WITH_SIBLINGS && SiblingMail.isBetweenPartitions(event)) {
        return Optional.of("between partitions in a block of version " + version);
      }
      if (event instanceof LedgerEvent.ServerEvicted eviction) {
        if (version < FIRST_VERSION_WITH_EVICTIONS) {
          return Optional.of("an eviction in a block of version " + version);
        }
        if (!proofs.prove(state.bank(), eviction)) {
          return Optional.of("an eviction that is not proved");
        }
      }
    }
    if (version < FIRST_VERSION_WITH_OPENINGS && opens(body)) {
      return Optional.of("an opening in a block of version " + version);
    }
    return BlockRules.check(body);
  }

  private static boolean opens(BlockBody body) {
    BlockBody.SnapshotRef named = body.snapshot();
    return named != null && named.opening() != null;
  }

  private Next fits(LedgerState after, @Nullable BlockBody body) {
    return new Next.Fits(
        new LedgerContent(after, body, proofs, desk), body != null && body.onlyEvicts());
  }

  @Override
  public boolean isEvicted(KeyId key) {
    return state.isEvicted(key);
  }
}
