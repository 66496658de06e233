package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;

/**
 * A valid block, decrypted.
 *
 * @param hash SHA-256 of the block document
 * @param fence the writer's fence, never lower than the predecessor's
 * @param node the server that signed it
 * @param body plaintext content; empty for a fence block
 */
public record ChainedBlock(
    ChainPlace place, Bytes hash, Bytes previousHash, long fence, String node, Bytes body) {
  /** Whether this is a take-over rather than content. */
  public boolean isFence() {
    return body.size() == 0;
  }

  /** Where the chain stands after this block. */
  public ChainTip tip() {
    return new ChainTip(place.partition(), place.height(), hash, fence);
  }

  /** Without the body, which is a customer's business. */
  @Override
  public String toString() {
    return "ChainedBlock[" + place.rowId() + ", " + hash + ", fence " + fence + ", by " + node + "]";
  }
}
