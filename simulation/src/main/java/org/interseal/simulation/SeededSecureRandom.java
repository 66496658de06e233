package org.interseal.simulation;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Anything but secure: the same bytes for the same seed. */
final class SeededSecureRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient SplittableRandom random;

  SeededSecureRandom(long seed) {
    super(null, null);
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }
}
