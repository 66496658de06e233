package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;

/**
 * What the contents of a chain's blocks add up to, as far as it decides whether the next row is a
 * block. Immutable.
 *
 * <p>Every reader of the same blocks comes to the same content, and the rules of a format version
 * never change: a row that one program holds for void is void for every later one, and what was a
 * block stays one. Other rules need another version in the {@link BlockHeader}, which an older
 * program refuses to judge.
 */
@FunctionalInterface
public interface ChainContent {
  /** What is known of a block that was found by its hash: nothing that could judge the next one. */
  ChainContent NOT_FOLLOWED =
      (height, version, body) -> {
        throw new IllegalStateException(
            "block " + (height - 1) + " was looked up, not followed: what comes next is unknown");
      };

  /** What a body is, at the place after the blocks that this stands for. */
  sealed interface Next {
    /**
     * @param evicts whether it holds nothing but evictions, and so may take the chain over
     */
    record Fits(ChainContent after, boolean evicts) implements Next {}

    /**
     * Unreadable, out of bounds, not conservative, or not a continuation of what is before it.
     *
     * @param detail words without personal data
     */
    record Objection(String detail) implements Next {}
  }

  /**
   * Looks at the next block. Never throws for what somebody else wrote.
   *
   * @param height of that block
   * @param version of the format, as its header says
   * @param body empty for a fence
   */
  Next next(long height, int version, Bytes body);

  /**
   * Whether a block up to here evicts the server with this key, so that nothing it signs is a block
   * any more.
   */
  default boolean isEvicted(KeyId key) {
    return false;
  }
}
