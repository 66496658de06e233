package org.interseal.client;

import java.util.function.UnaryOperator;

/** Where a device keeps its keys and its profile. Thread-safe. */
public interface DeviceMemory extends AutoCloseable {
  DeviceKeyRing keys();

  /** As last changed by this object. */
  DeviceProfile profile();

  /**
   * Changes the profile; durable when it returns. The change may run more than once and must be
   * pure, but for drawing randomness.
   *
   * @return the changed profile
   * @throws java.io.UncheckedIOException when it could not be made durable; it did not happen then
   */
  DeviceProfile change(UnaryOperator<DeviceProfile> change);

  /**
   * Changes the profile in a way that a crash may undo: what it forgets makes the device ask or
   * read again, no more.
   */
  void note(UnaryOperator<DeviceProfile> change);

  /** Makes durable what was noted. */
  @Override
  void close();
}
