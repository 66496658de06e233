package org.interseal.bank.inbox;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;

/**
 * Parsed signature keys of linked devices, so that a point is decoded once. Thread-safe and
 * bounded.
 */
public final class VerificationKeyCache {
  /** About 40 MB when full; then it starts again from nothing. */
  static final int MAX_KEYS = 100_000;

  private final Map<KeyId, VerificationKey> keys = new ConcurrentHashMap<>();

  /** The key with this SPKI, when that is the one with the id {@code expected}. */
  Optional<VerificationKey> get(Bytes spki, KeyId expected) {
    VerificationKey known = keys.get(expected);
    if (known == null) {
      try {
        known = VerificationKey.fromSpki(spki);
      } catch (InvalidKeyMaterial e) {
        return Optional.empty();
      }
      if (keys.size() >= MAX_KEYS) {
        keys.clear();
      }
      keys.put(known.id(), known);
    }
    // A cached key counts only while it is the one that the ledger names now.
    return known.id().equals(expected) && known.spki().equals(spki)
        ? Optional.of(known)
        : Optional.empty();
  }
}
