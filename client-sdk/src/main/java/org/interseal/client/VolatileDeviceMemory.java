package org.interseal.client;

import java.util.function.UnaryOperator;

/** A device that forgets everything with its process; for tests and load generators. */
public final class VolatileDeviceMemory implements DeviceMemory {
  private final DeviceKeyRing keys;
  private DeviceProfile profile;

  public VolatileDeviceMemory(DeviceKeyRing keys, DeviceProfile profile) {
    this.keys = keys;
    this.profile = profile;
  }

  @Override
  public DeviceKeyRing keys() {
    return keys;
  }

  @Override
  public synchronized DeviceProfile profile() {
    return profile;
  }

  @Override
  public synchronized DeviceProfile change(UnaryOperator<DeviceProfile> change) {
    profile = change.apply(profile);
    return profile;
  }

  @Override
  public void note(UnaryOperator<DeviceProfile> change) {
    var _ = change(change);
  }

  @Override
  public void close() {}
}
