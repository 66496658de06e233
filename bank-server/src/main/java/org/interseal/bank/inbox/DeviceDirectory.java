package org.interseal.bank.inbox;

import java.util.Optional;
import org.interseal.crypto.Bytes;

/** What the newest acknowledged state of the ledger knows of devices. Thread-safe. */
public interface DeviceDirectory {
  /**
   * SPKI of the key that this device signs letters with. Unlinked devices included: the ledger
   * refuses them, in a block, with an answer.
   */
  Optional<Bytes> signingKey(String deviceId);

  /** The highest message number that the ledger consumed from this device, 0 for none. */
  long highestNumber(String deviceId);
}
