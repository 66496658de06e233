package org.interseal.bank.ledger;

import org.interseal.identity.BankId;

/** Decide, apply, fold: the whole behaviour of a ledger partition, as pure functions. */
public final class Ledger {
  private Ledger() {}

  /** The state before the first block. */
  public static LedgerState empty(BankId bank, int partition) {
    return new LedgerState(Parts.empty(bank, partition));
  }

  /**
   * Decides one input by the ledger's time. Never throws for anything that a remote party can
   * cause.
   *
   * @param state the working state: the last block's, with the events of this block so far applied
   * @param ledgerTimeMillis of the block that is being made, never before the last block's
   * @param place where the decision will stand, from which ids of owed transfers are derived
   */
  public static Decision decide(
      LedgerState state, LedgerInput input, long ledgerTimeMillis, BlockSlot place) {
    return new Deciding(state.parts(), ledgerTimeMillis, place).decide(input);
  }

  /**
   * The state after an event.
   *
   * @throws IllegalStateException when the event does not fit the state: a bug, or a tampered block
   */
  public static LedgerState apply(LedgerState state, LedgerEvent event, long ledgerTimeMillis) {
    return new LedgerState(Bookkeeping.apply(state.parts(), event, ledgerTimeMillis));
  }

  /**
   * The state after a whole block: its events, cursor and outbox mark, and what has expired
   * forgotten.
   *
   * @throws IllegalStateException when the block does not fit the state
   */
  public static LedgerState fold(LedgerState state, BlockBody block, long height) {
    Parts parts = state.parts();
    for (LedgerEvent event : block.events()) {
      parts = Bookkeeping.apply(parts, event, block.timeMillis());
    }
    return complete(new LedgerState(parts), block, height);
  }

  /** The state after a block without a body: a fence. */
  public static LedgerState foldFence(LedgerState state, long height) {
    Parts parts = state.parts();
    requireNext(parts, height);
    Parts.Progress p = parts.progress();
    return new LedgerState(
        parts.with(new Parts.Progress(height, p.timeMillis(), p.cursor(), p.outboxDoneHeight())));
  }

  /** What remains of {@link #fold} when a working state has the block's events already. */
  static LedgerState complete(LedgerState working, BlockBody block, long height) {
    Parts parts = working.parts();
    requireNext(parts, height);
    Parts.Progress before = parts.progress();
    if (block.timeMillis() < before.timeMillis()) {
      throw new IllegalStateException("ledger time goes back");
    }
    if (block.outboxDoneHeight() < before.outboxDoneHeight()
        || block.outboxDoneHeight() >= height) {
      throw new IllegalStateException("outbox mark out of place");
    }
    if (block.cursor().compareTo(before.cursor()) < 0) {
      throw new IllegalStateException("cursor goes back");
    }
    return new LedgerState(
        parts
            .with(parts.references().forgetExpired(block.timeMillis()))
            .with(
                new Parts.Progress(
                    height, block.timeMillis(), block.cursor(), block.outboxDoneHeight())));
  }

  private static void requireNext(Parts parts, long height) {
    if (height != parts.nextHeight()) {
      throw new IllegalStateException(
          "block " + height + " does not follow block " + parts.progress().height());
    }
  }
}
