package org.interseal.bank.processing;

/**
 * The bounds of the ledger thread.
 *
 * @param blockIntervalMillis under load, blocks are at least this far apart, so that each carries
 *     many inputs; after a pause the first input waits for nobody
 * @param maxClockAheadMillis no block is appended while our clock is further than this ahead of the
 *     store's
 * @param leaseMillis how long a silent writer keeps its lease; it renews it four times in that time
 * @param followMillis how often a server that does not write looks for new blocks and at the lease
 * @param snapshotBlocks blocks between two snapshots
 * @param shutdownMillis how long a clean stop waits for the outbox
 */
public record ProcessingLimits(
    long blockIntervalMillis,
    long maxClockAheadMillis,
    long leaseMillis,
    long followMillis,
    int snapshotBlocks,
    long shutdownMillis) {
  public static final ProcessingLimits DEFAULT =
      new ProcessingLimits(25, 10_000, 1_000, 100, 5_000, 10_000);
}
