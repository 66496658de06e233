package org.interseal.bank.processing;

import java.util.concurrent.TimeUnit;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.store.RunningTime;
import org.jspecify.annotations.Nullable;

/**
 * When a period that has begun gets its opening: at a block under its key, once everything is sent
 * that blocks under earlier keys owe, so that nobody has to read those again. For the ledger
 * thread, but for {@link #opened}.
 */
final class OpeningDue {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final RunningTime time;
  private volatile @Nullable String opened;
  private String waiting = "";

  /** The first height that was seen under the waiting period's key. */
  private long firstHeight;

  private long nextTryNanos;

  OpeningDue(RunningTime time) {
    this.time = time;
  }

  /** This period has its opening. */
  void opened(String period) {
    opened = period;
  }

  /** Whether to take it now, after this block. */
  boolean isNow(LedgerState state, ChainedBlock block) {
    String period = block.period();
    if (!lacksOpening(period)) {
      return false;
    }
    if (!period.equals(waiting)) {
      waiting = period;
      firstHeight = block.place().height();
      nextTryNanos = time.nanoTime();
    }
    if (state.outboxDoneHeight() < firstHeight - 1 || !isTimeToTry()) {
      return false;
    }
    nextTryNanos = time.nanoTime() + RETRY_NANOS;
    return true;
  }

  /** Whether a block would bring it on. */
  boolean wantsBlock(String currentPeriod, LedgerState state, long outboxDoneHeight) {
    if (!lacksOpening(currentPeriod)) {
      return false;
    }
    if (!currentPeriod.equals(waiting)) {
      // The first under its key.
      return true;
    }
    return state.outboxDoneHeight() < firstHeight - 1
        ? outboxDoneHeight >= firstHeight - 1
        : isTimeToTry();
  }

  private boolean lacksOpening(String period) {
    return !period.isEmpty() && !period.equals(PeriodKeys.FIRST) && !period.equals(opened);
  }

  private boolean isTimeToTry() {
    return time.nanoTime() - nextTryNanos >= 0;
  }
}
