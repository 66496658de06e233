package org.interseal.architecture.planted.crypto;

import java.time.Clock;

/** Cryptography that looks at the clock. */
public final class PlantedCrypto {
  public long now(Clock clock) {
    return clock.millis();
  }
}
