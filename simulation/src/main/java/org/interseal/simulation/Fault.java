package org.interseal.simulation;

/** What goes wrong. */
enum Fault {
  /** A server is killed and comes back with its disk. */
  KILL,
  /** The writer is killed a moment after it made a block, and comes back with its disk. */
  KILL_BUSY,
  /** A server is stopped in good order and comes back. */
  STOP,
  /** A server is killed and comes back with its disk as it was some time ago, or with none. */
  OLD_DISK,
  /** The disk that it may come back with is as it is now. */
  KEEP_DISK,
  /** A server stands still and wakes with old leases, blocks and letters in hand. */
  PAUSE,
  /** A server cannot reach the stores. */
  CUT,
  /** It can, slowly. */
  SLOW,
  /** Nobody can reach the stores. */
  OUTAGE,
  /** A server's wall clock is set wrong. */
  CLOCK,
  FEEDS_END,
  FEEDS_MUTE,
  /** A gateway is killed and another takes its place. */
  GATEWAY,
  /** The same, a moment after a letter reached it. */
  GATEWAY_BUSY
}
