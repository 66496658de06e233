package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A valid block, decrypted.
 *
 * @param hash SHA-256 of the block document
 * @param fence the writer's fence, never lower than the predecessor's
 * @param node the server that signed it
 * @param period the one whose key it is under
 * @param body plaintext content; empty for a fence block
 * @param content what the chain adds up to with this block; it follows from the hash, so blocks are
 *     equal without it
 */
public record ChainedBlock(
    ChainPlace place,
    Bytes hash,
    Bytes previousHash,
    long fence,
    String node,
    String period,
    Bytes body,
    ChainContent content) {
  /** Whether this is a take-over rather than content. */
  public boolean isFence() {
    return body.size() == 0;
  }

  /** Where the chain stands after this block. */
  public ChainTip tip() {
    return new ChainTip(
        place.partition(), place.height(), hash, fence, PeriodKeys.number(period), content);
  }

  /** The hash is over everything else. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof ChainedBlock other && place.equals(other.place) && hash.equals(other.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  /** Without body and content, which are the customers' business. */
  @Override
  public String toString() {
    return "ChainedBlock["
        + place.rowId()
        + ", "
        + hash
        + ", fence "
        + fence
        + ", by "
        + node
        + "]";
  }
}
