package org.interseal.bank.processing;

/**
 * The bounds of spreading partitions over servers.
 *
 * @param lookMillis how often a server shows itself and looks at the others
 * @param liveMillis after which a server that did not show itself is not counted on
 * @param settleMillis for how long a server must have been seen before it is given anything
 * @param holdMillis for how long, at least, a server writes a partition before it hands it to
 *     another: one that comes and goes costs each partition no more than one hand-over in that time
 * @param maxBehindBlocks how far a server may be behind the chain's end to be given a partition
 */
record SpreadLimits(
    long lookMillis, long liveMillis, long settleMillis, long holdMillis, long maxBehindBlocks) {
  static final SpreadLimits DEFAULT = new SpreadLimits(500, 1_750, 2_000, 5_000, 64);
}
