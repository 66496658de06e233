package org.interseal.simulation;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Mistakes that somebody could make in production code; {@link BugWeaver} says how they are made.
 * At most one of them is there at a time.
 */
public enum PlantedBug {
  /** Message numbers and customers' references are not looked at. */
  NO_DEDUPE("exactly once: ", "terminal status: .* was told as "),
  /** A transfer that comes again is credited again. */
  TRANSFERS_NOT_DEDUPED("exactly once: credited twice: "),
  /** The payer gets the money back when the other bank is silent. */
  REFUND_ON_TIME_OUT("returned and credited: ", "credited after it was returned: "),
  /** What stands at the place of a block is taken for that block. */
  ANY_BLOCK_IS_OURS("progress: .*this server saw block .*, but the store ends at block "),
  /** A writer that was overtaken goes on under its successor's fence. */
  NO_FENCE("fence: .* both wrote under fence "),
  /** Blocks count as sent before what they owe is durable. */
  OUTBOX_DONE_TOO_EARLY(130, "progress: .* waits for ", "progress: .* was told of "),
  /** What a block owes goes out whether or not the block stands. */
  OUTBOX_BEFORE_BLOCK(
      "the disk of .* has another block at height ",
      "progress: .*this server saw block .*, but the store ends at block ",
      "credit notice: .* is not booked"),
  /** A snapshot without what is known about duplicates. */
  SNAPSHOT_FORGETS_NUMBERS(
      "a bug was logged: .*SnapshotKeeper: the snapshot of block .* that another server named is FALSE",
      "exactly once: ",
      "terminal status: .* was told as "),
  /** Whoever makes a snapshot throws, and the one who catches it only writes that down. */
  SNAPSHOTS_THROW("a bug was logged: .*SnapshotKeeper: no snapshot of block .*: planted"),
  /** The mark below which the other bank may forget is above what still waits for an answer. */
  MARK_ABOVE_UNANSWERED(44, "progress: .* has [1-9][0-9]* unanswered "),
  /** Readers do not look back for rows that become visible late. */
  CURSOR_WITHOUT_OVERLAP(7, "progress: .* waits for ", "progress: .* was told of "),
  /** An insert whose outcome is unknown counts as done. */
  UNKNOWN_COUNTS_AS_DONE("nothing lost: "),
  /** A gateway says that it has a letter for good before it knows. */
  ACCEPTED_BEFORE_DURABLE("nothing lost: "),
  /** A notice that is sent again is another message. */
  NOTICES_NAMED_BY_TIME("credit notice: .* was told twice"),
  /** A writer does not send the credit notices that its predecessor's blocks owe. */
  CREDITS_NOT_TOLD_AFTER_TAKE_OVER(5, "progress: .* was told of "),
  /** Blocks of an evicted server count. */
  EVICTION_IGNORED("eviction: .* and was evicted before"),
  /** Who reads letters believes revoked servers. */
  REVOKED_ARE_BELIEVED("mirror: .* credits or settles what no chain of the other bank says"),
  /** Gateways believe a revoked server that unlinks devices. */
  FORGED_UNLINKS_COUNT("locked out: .* refuses the device of "),
  /** What an evicted server signed for devices is not signed again. */
  NOT_SIGNED_AGAIN(27, "progress: .* waits for ", "progress: .* was told of ");

  /** What a bug in the simulation, or in what is woven in, would say. */
  private static final Pattern OTHER_BUG = Pattern.compile("a bug|internal error|Error\\b");

  private static final String LOGGED = "a bug was logged: ";

  private final long firstSeed;
  private final String found;

  PlantedBug(String... found) {
    this(1, found);
  }

  /**
   * @param found patterns of the messages with which it may be found
   */
  PlantedBug(long firstSeed, String... found) {
    this.firstSeed = firstSeed;
    this.found = String.join("|", found);
  }

  /**
   * Whether that is what becomes of this bug: a run that fails for another reason has not found it.
   */
  boolean explains(String broken) {
    return Pattern.compile(found).matcher(broken).lookingAt()
        && (broken.startsWith(LOGGED) || !OTHER_BUG.matcher(broken).find());
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
