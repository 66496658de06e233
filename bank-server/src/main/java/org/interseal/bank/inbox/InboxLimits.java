package org.interseal.bank.inbox;

/**
 * The bounds of the inbox.
 *
 * @param pageRows rows asked of the store at a time
 * @param maxRowsInFlight rows read and not yet consumed
 * @param maxKibInFlight their envelopes together, in KiB
 * @param pollMillis how often the stream is read although no feed woke us
 * @param gapWaitMillis how long a device's message waits for a lower number
 * @param maxHeld messages that wait for a lower number, or for newer knowledge, at the same time
 * @param sweepMillis least pause between steps of the sweep; a step that takes long is followed by
 *     a longer one
 * @param sweepReferences rows looked at in one step
 * @param messageLifeMillis how far back the sweep goes: the life of messages
 */
public record InboxLimits(
    int pageRows,
    int maxRowsInFlight,
    int maxKibInFlight,
    long pollMillis,
    long gapWaitMillis,
    int maxHeld,
    long sweepMillis,
    int sweepReferences,
    long messageLifeMillis) {
  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  public static final InboxLimits DEFAULT =
      new InboxLimits(256, 4_000, 64 * 1024, 1_000, 200, 2_000, 1_000, 500, 8 * DAY_MILLIS);

  private static final int MIN_ROWS_IN_FLIGHT = 1_000;
  private static final int MIN_KIB_IN_FLIGHT = 8 * 1024;
  private static final int MIN_HELD = 500;

  /** The bounds of one inbox of so many that share a server's memory. */
  public InboxLimits sharedBy(int inboxes) {
    return new InboxLimits(
        pageRows,
        share(maxRowsInFlight, inboxes, MIN_ROWS_IN_FLIGHT),
        share(maxKibInFlight, inboxes, MIN_KIB_IN_FLIGHT),
        pollMillis,
        gapWaitMillis,
        share(maxHeld, inboxes, MIN_HELD),
        sweepMillis,
        sweepReferences,
        messageLifeMillis);
  }

  private static int share(int whole, int parts, int least) {
    return Math.min(whole, Math.max(least, whole / parts));
  }
}
