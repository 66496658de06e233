package org.interseal.bank.processing;

import org.interseal.bank.ledger.LedgerEvent.ServerEvicted;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankDirectory;

/**
 * Says whether an eviction in a block is proved by what stands beside it. The answer depends on
 * those bytes and the authority's root alone: it decides whether the block is one. Thread-safe.
 */
@FunctionalInterface
public interface EvictionProofs {
  /** Whether the bank's certifying key revoked the certificate of that server's key. */
  boolean prove(BankId bank, ServerEvicted eviction);

  /** Proofs under the root of this directory; what the directory has read does not matter. */
  static EvictionProofs under(BankDirectory directory) {
    return (bank, eviction) ->
        directory
            .proveRevocation(eviction.revocation(), eviction.certificate())
            .filter(revoked -> revoked.key().equals(eviction.key()))
            .filter(revoked -> revoked.server().equals(Party.server(bank, eviction.node())))
            .isPresent();
  }
}
