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

  /** A device with more of its own budget left than this does not send much. */
  private static final double MOSTLY_LEFT = 0.5;

  private static final long MAX_RETRY_MILLIS = 30_000;

  private final DeviceDirectory devices;
  private final RateLimits limits;
  private final GatewayMeters meters;
  private final BankBacklog backlog;
  private final long behindLimitMillis;
  private final LongSupplier nanoTime;
  private final AtomicLong lookedNanos;

  /**
   * @param behindLimit how far the bank may be behind before anybody is asked to come later
   */
  Admission(
      DeviceDirectory devices,
      RateLimits limits,
      GatewayMeters meters,
      BankBacklog backlog,
      Duration behindLimit,
      LongSupplier nanoTime) {
    this.devices = devices;
    this.limits = limits;
    this.meters = meters;
    this.backlog = backlog;
    this.behindLimitMillis = behindLimit.toMillis();
    this.nanoTime = nanoTime;
    this.lookedNanos = new AtomicLong(nanoTime.getAsLong() - LOOK_AGAIN_NANOS);
  }

  /**
   * Before anything is read or verified, and so at almost no cost: whether the request of this
   * device, if it is of this device, would be refused anyway.
   *
   * @return whether a linked device is claimed
   */
  boolean claimsLinked(String claimedDeviceId) {
    boolean linked = devices.linked(claimedDeviceId);
    if (linked) {
      limits.refuseEarly(claimedDeviceId);
    }
    return linked;
  }

  /** Linked devices only, and as many as the bank keeps up with. */
  void admitLinked(SignedRequest request) {
    if (devices.linked(request.deviceId())) {
      limits.admitDevice(request.deviceId());
      keepToTheBanksPace(request.deviceId());
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

  /**
   * A bank that is behind gets less to do, first from those who send much: what it has not begun
   * waits better with the devices than in the store.
   */
  private void keepToTheBanksPace(String deviceId) {
    long behind = backlog.behindMillis();
    if (behind >= 2 * behindLimitMillis
        || (behind >= behindLimitMillis && limits.left(deviceId) < MOSTLY_LEFT)) {
      meters.overloaded("bank");
      throw new ProblemException(
          GatewayProblem.OVERLOADED,
          "The bank is behind with its work.",
          Duration.ofMillis(Math.min(MAX_RETRY_MILLIS, behind / 2)));
    }
  }

  /**
   * Whoever signed, for reading the mailbox of the key that signed; says whether it is a linked
   * device.
   */
  boolean admitReader(SignedRequest request) {
    boolean linked = devices.linked(request.deviceId());
    if (linked) {
      limits.admitDevice(request.deviceId());
    } else {
      limits.admitStranger(request.deviceId(), request.address());
    }
    return linked;
  }

  /**
   * As {@link #admitReader}; says whether it is a linked device, which may have been linked a
   * moment ago.
   */
  boolean admitListener(SignedRequest request) {
    return admitReader(request) || lookAgain(request.deviceId());
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
