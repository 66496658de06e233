package org.interseal.bank.outbox;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;

/** Parsed encryption keys of devices. Thread-safe and bounded. */
final class EncryptionKeyCache {
  /** A key takes a few KiB; when full it starts again from nothing. */
  static final int MAX_KEYS = 10_000;

  private final Map<Bytes, EncryptionKey> keys = new ConcurrentHashMap<>();

  /** Empty when the device registered something that is no key: it gets no notices. */
  Optional<EncryptionKey> get(Bytes spki) {
    EncryptionKey known = keys.get(spki);
    if (known == null) {
      try {
        known = EncryptionKey.fromSpki(spki);
      } catch (InvalidKeyMaterial e) {
        return Optional.empty();
      }
      if (keys.size() >= MAX_KEYS) {
        keys.clear();
      }
      keys.put(spki, known);
    }
    return Optional.of(known);
  }
}
