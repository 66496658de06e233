package org.interseal.gateway;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemException;
import org.interseal.store.StoreUnavailable;

/** Who may do what here, and how often. */
final class Admission {
  /**
   * An unknown device makes this gateway look for new registrations, but not more often than this.
   */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final DeviceDirectory devices;
  private final RateLimits limits;
  private final GatewayMeters meters;
  private final LongSupplier nanoTime;
  private final AtomicLong lookedNanos;

  Admission(
      DeviceDirectory devices, RateLimits limits, GatewayMeters meters, LongSupplier nanoTime) {
    this.devices = devices;
    this.limits = limits;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.lookedNanos = new AtomicLong(nanoTime.getAsLong() - LOOK_AGAIN_NANOS);
  }

  /** Linked devices only. */
  void admitLinked(SignedRequest request) {
    if (devices.linked(request.deviceId())) {
      limits.admitDevice(request.deviceId());
      return;
    }
    limits.admitStranger(request.deviceId(), request.address());
    if (!lookAgain(request.deviceId())) {
      if (!devices.caughtUp()) {
        throw new ProblemException(
            GatewayProblem.NOT_READY, "Devices are still being read.", Duration.ofSeconds(1));
      }
      meters.submission("not-linked");
      throw new ProblemException(
          GatewayProblem.DEVICE_NOT_LINKED, "Activate this device with a code of the bank.");
    }
  }

  /** Whoever signed, for reading the mailbox of the key that signed. */
  void admitReader(SignedRequest request) {
    if (devices.linked(request.deviceId())) {
      limits.admitDevice(request.deviceId());
    } else {
      limits.admitStranger(request.deviceId(), request.address());
    }
  }

  /**
   * As {@link #admitReader}; says whether it is a linked device, which may have been linked a
   * moment ago.
   */
  boolean admitListener(SignedRequest request) {
    admitReader(request);
    return devices.linked(request.deviceId()) || lookAgain(request.deviceId());
  }

  void admitActivation(SignedRequest request) {
    limits.admitActivation(request.address());
    limits.admitStranger(request.deviceId(), request.address());
  }

  /** A device that was linked a moment ago is known to the bank before it is known here. */
  private boolean lookAgain(String deviceId) {
    long now = nanoTime.getAsLong();
    long last = lookedNanos.get();
    if (now - last >= LOOK_AGAIN_NANOS && lookedNanos.compareAndSet(last, now)) {
      try {
        devices.refresh();
      } catch (StoreUnavailable e) {
        throw new ProblemException(
            CommonProblem.STORE_UNAVAILABLE, "Try again later.", Duration.ofSeconds(1));
      }
    }
    return devices.linked(deviceId);
  }
}
