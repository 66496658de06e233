package org.interseal.simulation;

import org.jspecify.annotations.Nullable;

/**
 * Mistakes that somebody could make in production code; {@link BugWeaver} says how they are made.
 * At most one of them is there at a time.
 */
public enum PlantedBug {
  /** Message numbers and customers' references are not looked at. */
  NO_DEDUPE,
  /** A transfer that comes again is credited again. */
  TRANSFERS_NOT_DEDUPED,
  /** The payer gets the money back when the other bank is silent. */
  REFUND_ON_TIME_OUT,
  /** What stands at the place of a block is taken for that block. */
  ANY_BLOCK_IS_OURS,
  /** A writer that was overtaken goes on under its successor's fence. */
  NO_FENCE,
  /** Blocks count as sent before what they owe is durable. */
  OUTBOX_DONE_TOO_EARLY(130),
  /** What a block owes goes out whether or not the block stands. */
  OUTBOX_BEFORE_BLOCK,
  /** A snapshot without what is known about duplicates. */
  SNAPSHOT_FORGETS_NUMBERS,
  /** The mark below which the other bank may forget is above what still waits for an answer. */
  MARK_ABOVE_UNANSWERED(44),
  /** Readers do not look back for rows that become visible late. */
  CURSOR_WITHOUT_OVERLAP,
  /** An insert whose outcome is unknown counts as done. */
  UNKNOWN_COUNTS_AS_DONE,
  /** A gateway says that it has a letter for good before it knows. */
  ACCEPTED_BEFORE_DURABLE,
  /** A notice that is sent again is another message. */
  NOTICES_NAMED_BY_TIME,
  /** A writer does not send the credit notices that its predecessor's blocks owe. */
  CREDITS_NOT_TOLD_AFTER_TAKE_OVER,
  /** Blocks of an evicted server count. */
  EVICTION_IGNORED,
  /** Who reads letters believes revoked servers. */
  REVOKED_ARE_BELIEVED,
  /** What an evicted server signed for devices is not signed again. */
  NOT_SIGNED_AGAIN(27);

  private final long firstSeed;

  PlantedBug() {
    this(1);
  }

  PlantedBug(long firstSeed) {
    this.firstSeed = firstSeed;
  }

  /** Where to begin looking; a seed that finds it no more, after a change, costs time only. */
  long firstSeed() {
    return firstSeed;
  }

  private static volatile @Nullable PlantedBug planted;

  static void plant(@Nullable PlantedBug bug) {
    planted = bug;
  }

  /** Asked by woven code. */
  public static boolean isPlanted(String name) {
    PlantedBug bug = planted;
    return bug != null && bug.name().equals(name);
  }
}
