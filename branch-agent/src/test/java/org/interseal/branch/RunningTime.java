package org.interseal.branch;

import java.time.Instant;
import java.time.InstantSource;
import org.interseal.protocol.registry.TestAuthority;

/** Runs like the system's clock, from the time at which the test's certificates are valid. */
final class RunningTime implements InstantSource {
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return TestAuthority.NOW.plusNanos(System.nanoTime() - startNanos);
  }
}
