package org.interseal.store.memory;

/**
 * How unkind a store is. Probabilities are from 0 to 1, of each row, wake-up or call.
 *
 * @param readsFail probability that a read, or a write to a mutable table, throws
 */
public record Unkindness(Writes writes, double readsFail, Wakes wakes, Timing timing) {
  /**
   * @param unknownThatHappened unknown outcomes of rows that are there
   * @param unknownThatDidNot unknown outcomes of rows that never will be; followers may be woken
   *     for them
   * @param unknownThatHappensLater unknown outcomes of rows that come after the answer, if nobody
   *     was faster
   * @param failed rows refused
   * @param occupied ids that somebody takes with other content just before
   * @param late of a call: acknowledged after the limit, its rows visible at any time before that
   */
  public record Writes(
      double unknownThatHappened,
      double unknownThatDidNot,
      double unknownThatHappensLater,
      double failed,
      double occupied,
      double late) {
    public static final Writes KIND = new Writes(0, 0, 0, 0, 0, 0);
  }

  /**
   * @param twice wake-ups that come twice
   * @param never wake-ups that do not come
   * @param ends wake-ups in whose place the feed ends
   * @param goesMute wake-ups after which a feed says nothing any more, not even that it ended
   */
  public record Wakes(double twice, double never, double ends, double goesMute) {
    public static final Wakes KIND = new Wakes(0, 0, 0, 0);
  }

  /**
   * @param acknowledgementLimitMillis see {@link
   *     org.interseal.store.Store#acknowledgementLimitMillis()}
   * @param maxClockSkewMillis how far the clock of the node that stamps is from true time, either
   *     way
   * @param stampGranularityMillis stamps are multiples of this, so that many are equal
   * @param maxCommitDelayMillis between stamp and visibility
   * @param maxAcknowledgementDelayMillis between visibility of the last row and the answer
   * @param maxWakeDelayMillis between visibility and wake-up; different for each, so out of order
   */
  public record Timing(
      long acknowledgementLimitMillis,
      long maxClockSkewMillis,
      long stampGranularityMillis,
      long maxCommitDelayMillis,
      long maxAcknowledgementDelayMillis,
      long maxWakeDelayMillis) {
    /** Everything at once, with exact stamps. */
    public static final Timing PROMPT = new Timing(1_000, 0, 1, 0, 0, 0);

    public Timing {
      if (stampGranularityMillis < 1
          || maxCommitDelayMillis + maxAcknowledgementDelayMillis > acknowledgementLimitMillis) {
        throw new IllegalArgumentException(
            "delays past the acknowledgement limit are what 'late' is for");
      }
    }
  }

  /** Everything works, at once. */
  public static Unkindness none() {
    return new Unkindness(Writes.KIND, 0, Wakes.KIND, Timing.PROMPT);
  }

  /**
   * What a RethinkDB cluster does in normal operation with now and then a failure; in real time
   * bearable.
   */
  public static Unkindness rethinkLike() {
    return new Unkindness(
        new Writes(0.01, 0.01, 0.005, 0.005, 0, 0),
        0.01,
        new Wakes(0.05, 0.05, 0.01, 0.01),
        new Timing(1_000, 20, 10, 15, 5, 20));
  }

  /**
   * Far worse than any cluster, with squatted ids and acknowledgements past the limit; for virtual
   * time.
   */
  public static Unkindness harsh() {
    return new Unkindness(
        new Writes(0.1, 0.1, 0.05, 0.05, 0.1, 0.05),
        0.1,
        new Wakes(0.2, 0.2, 0.05, 0.05),
        new Timing(500, 200, 50, 300, 100, 1_000));
  }

  /** Neither answers nor accepts anything: an outage. */
  public static Unkindness outage() {
    return new Unkindness(new Writes(0, 0, 0, 1, 0, 0), 1, Wakes.KIND, Timing.PROMPT);
  }

  public Unkindness withWrites(Writes changed) {
    return new Unkindness(changed, readsFail, wakes, timing);
  }

  public Unkindness withReadsFail(double changed) {
    return new Unkindness(writes, changed, wakes, timing);
  }

  public Unkindness withWakes(Wakes changed) {
    return new Unkindness(writes, readsFail, changed, timing);
  }

  public Unkindness withTiming(Timing changed) {
    return new Unkindness(writes, readsFail, wakes, changed);
  }

  /**
   * More than the skew between any two nodes, twice the acknowledgement limit, and the rounding.
   */
  long overlapMillis() {
    return 2 * timing.acknowledgementLimitMillis
        + 4 * timing.maxClockSkewMillis
        + 2 * timing.stampGranularityMillis
        + 1;
  }
}
