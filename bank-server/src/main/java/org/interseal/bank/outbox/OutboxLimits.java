package org.interseal.bank.outbox;

/**
 * The bounds of the outbox.
 *
 * @param maxPending messages that blocks owe and that are not durable yet, before no more blocks
 *     are made
 * @param batchRows most rows in one insert
 * @param graceMillis how long a notice that is not final waits for one that supersedes it
 * @param resendFirstMillis after which an unanswered transfer is sent again; doubled every time
 * @param resendMaxMillis the longest pause between two sendings of a transfer
 * @param maxResendLetters most letters that are sent again in one round of the timer
 */
public record OutboxLimits(
    int maxPending,
    int batchRows,
    long graceMillis,
    long resendFirstMillis,
    long resendMaxMillis,
    int maxResendLetters) {
  public static final OutboxLimits DEFAULT = new OutboxLimits(20_000, 250, 300, 5_000, 60_000, 50);

  private static final int MIN_PENDING = 5_000;

  /** The bounds of one outbox of so many that share a server's memory. */
  public OutboxLimits sharedBy(int outboxes) {
    return new OutboxLimits(
        Math.min(maxPending, Math.max(MIN_PENDING, maxPending / outboxes)),
        batchRows,
        graceMillis,
        resendFirstMillis,
        resendMaxMillis,
        maxResendLetters);
  }
}
