package org.interseal.bank.chain;

/**
 * What became of a body that was to follow a tip. Only {@link Appended} may be folded, sent and
 * notified.
 */
public sealed interface AppendResult {
  /** It stands, durably, and this server remembers it. */
  record Appended(ChainedBlock block) implements AppendResult {}

  /**
   * Another block stands there. Fold it (its writer may be ourselves, after a lost answer) and
   * decide again.
   */
  record Superseded(ChainedBlock other) implements AppendResult {}

  /**
   * Nothing was written: the chain's fence is not the one that this writer took. Take over with
   * {@link ChainWriter#appendFence} if this server should write.
   *
   * @param fence the chain's fence at the tip
   */
  record TakenOver(long fence) implements AppendResult {}

  /**
   * Nothing was written: the store shows less, or something else, than this server remembers. An
   * operator decides, see {@link RememberedHeads#accept}.
   */
  record BehindMemory(ChainMemory.Head remembered, ChainTip shown) implements AppendResult {
    /** For the operator. */
    public String explanation() {
      return "this server saw block "
          + remembered.height()
          + " ("
          + remembered.hash().toHex()
          + ") of partition "
          + shown.partition()
          + ", but the store ends at block "
          + shown.height()
          + " ("
          + shown.hash().toHex()
          + "). If the store was restored from an older backup, what came after it is lost: restore a newer one, or"
          + " accept the shorter chain.";
    }
  }

  /**
   * No answer within the {@link RetryTerms}. Appending after the same tip again is safe: the same
   * body goes on with the same bytes, another body yields to them if they did arrive.
   *
   * @param outcomeUnknown whether the block may stand nevertheless, now or later
   */
  record StoreDown(String detail, boolean outcomeUnknown) implements AppendResult {}

  /** A person has to act first. */
  record Refused(ChainRefused.Reason reason, String detail) implements AppendResult {}
}
