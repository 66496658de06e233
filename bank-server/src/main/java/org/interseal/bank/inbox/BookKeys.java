package org.interseal.bank.inbox;

import java.util.Optional;
import org.interseal.crypto.SecretKey256;
import org.interseal.store.StoreUnavailable;

/** The bank's own period keys, for what only its servers may read. Thread-safe. */
public interface BookKeys {
  String currentPeriod();

  /** Empty when this node has no such key. */
  Optional<SecretKey256> key(String period) throws StoreUnavailable;
}
