package org.interseal.bank.chain;

/** Why a row at a block's place is not the block. */
public enum VoidReason {
  /** Not a block document at all. */
  MALFORMED,
  /** The node that it names is not certified. */
  NODE_NOT_CERTIFIED,
  /** A block before this place evicts the key that signed it. */
  NODE_EVICTED,
  BAD_SIGNATURE,
  /** Made for another bank, partition, height or attempt, or filed under another stream. */
  WRONG_PLACE,
  /** Does not follow the block before it. */
  WRONG_PREVIOUS,
  /** Lower than the predecessor's: its writer was taken over from. */
  FENCE_TOO_LOW,
  /**
   * Raised by more than one, or raised by a block with other content than evictions, or an empty
   * block that raises nothing.
   */
  FENCE_OUT_OF_RULE,
  /** A format version that this program does not know, and that the bank has not approved. */
  VERSION_OUT_OF_RULE,
  /** Its period is no number, lower than the predecessor's, or higher by more than one. */
  PERIOD_OUT_OF_RULE,
  /** The sealed body is not the signed one. */
  BODY_ALTERED,
  /** Signed, but not to be decrypted with its period's key. */
  UNREADABLE,
  /**
   * The body is unreadable, out of bounds or does not fit what is before it: see {@link
   * ChainContent}.
   */
  BODY_OBJECTION
}
