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
}
