package org.interseal.bank.chain;

import java.util.Optional;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.store.StoreUnavailable;

/**
 * Which servers may write a bank's chains. Thread-safe.
 *
 * <p>Every reader must get the same answer for the same place, for ever, or readers disagree about
 * which row is the block and the ledger forks. So the answer depends on signed records and on the
 * place alone, never on the time of asking: a node's certificate is durable in the store before its
 * first block, and before saying no the implementation reads the records again; so no reader misses
 * a node that is new. Revocations are none of its business: a server is evicted by a block, see
 * {@link ChainContent#isEvicted}.
 */
@FunctionalInterface
public interface NodeTrust {
  /**
   * The verification key with this id, when it is a certified key of this node and the node may
   * write the block after {@code at}. Empty is final.
   *
   * @throws StoreUnavailable when the records cannot be read now; nothing is decided
   */
  Optional<VerificationKey> keyOfWriter(String node, KeyId key, ChainTip at)
      throws StoreUnavailable;

  /**
   * Whether the bank itself has approved blocks of a later format version. The answer depends on
   * the two arguments and the authority's root alone, as it decides whether a row is void.
   *
   * @param approval of the row's header, empty when it has none
   */
  default boolean approvesFormat(int version, String approval) {
    return false;
  }
}
