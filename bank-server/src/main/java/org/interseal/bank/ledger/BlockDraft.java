package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * A block while it is filled: decides inputs one by one on a working state. Not safe for several
 * threads.
 *
 * <p>Drop it when another block won the place; its base state is untouched.
 */
public final class BlockDraft {
  /**
   * Room for everything in a body but inputs, events and owed messages; snapshot references
   * included.
   */
  private static final int FRAME_BYTES = 64 * 1024;

  private final long height;
  private final int attempt;
  private final long timeMillis;
  private final List<String> consumed = new ArrayList<>();
  private final List<LedgerEvent> events = new ArrayList<>();
  private final List<Owed> owed = new ArrayList<>();
  private LedgerState working;
  private long bytes = FRAME_BYTES;

  /**
   * Starts the block after {@code base}.
   *
   * @param attempt of the place that the block is for; ids of transfers depend on it
   * @param ledgerTimeMillis not before the base's
   */
  public BlockDraft(LedgerState base, int attempt, long ledgerTimeMillis) {
    if (ledgerTimeMillis < base.ledgerTimeMillis()) {
      throw new IllegalArgumentException("ledger time goes back");
    }
    this.height = base.height() + 1;
    this.attempt = attempt;
    this.timeMillis = ledgerTimeMillis;
    this.working = base;
  }

  /**
   * Decides one input. Empty when the block is full: the input belongs to the next block, nothing
   * has changed.
   */
  public Optional<Decision> add(LedgerInput input) {
    if (consumed.size() >= BlockBody.MAX_ITEMS) {
      return Optional.empty();
    }
    BlockSlot slot =
        new BlockSlot(working.bank(), working.partition(), height, attempt, consumed.size());
    Decision decision = Ledger.decide(working, input, timeMillis, slot);
    long more = ProtocolJson.encode(input.reference()).size() + 1L;
    for (LedgerEvent event : decision.events()) {
      more += BlockCodec.size(event);
    }
    for (Owed message : decision.owed()) {
      more += BlockCodec.size(message.shiftedBy(events.size()));
    }
    if (bytes + more > BlockBody.MAX_BYTES) {
      return Optional.empty();
    }
    LedgerState next = working;
    for (LedgerEvent event : decision.events()) {
      next = Ledger.apply(next, event, timeMillis);
    }
    for (Owed message : decision.owed()) {
      owed.add(message.shiftedBy(events.size()));
    }
    events.addAll(decision.events());
    consumed.add(input.reference());
    working = next;
    bytes += more;
    return Optional.of(decision);
  }

  /** How many inputs were decided. */
  public int items() {
    return consumed.size();
  }

  /** Upper bound of the body's size so far. */
  public long bytes() {
    return bytes;
  }

  /** The state with every decision so far, for reading; its height still is the base's. */
  public LedgerState working() {
    return working;
  }

  /** The block's content. */
  public BlockBody body(
      Position cursor, long outboxDoneHeight, BlockBody.@Nullable SnapshotRef snapshot) {
    return new BlockBody(
        BlockBody.VERSION,
        timeMillis,
        working.registry().version(),
        cursor,
        consumed,
        events,
        owed,
        outboxDoneHeight,
        snapshot);
  }

  /** The state once {@code body}, made by this draft, stands; equal to folding it over the base. */
  public LedgerState after(BlockBody body) {
    return Ledger.complete(working, body, height);
  }
}
