package org.interseal.gateway;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.interseal.service.ProblemException;

/**
 * Bounds what one device, one address, and all of them together may ask for. Each gateway counts
 * for itself.
 *
 * <p>Devices that are not linked have budgets of their own, so that a flood of made-up keys, which
 * anybody can make, leaves linked devices alone. Thread-safe.
 */
final class RateLimits {
  /**
   * Devices or addresses whose budget is remembered, per kind; the longest unused is forgotten
   * first.
   */
  static final int MAX_REMEMBERED = 50_000;

  private static final int DEVICE_BURST_SECONDS = 10;
  private static final int GLOBAL_BURST_SECONDS = 2;

  /**
   * The last part of what all share, one in so many, is for devices that leave their own budgets
   * alone: the more of its own a device has used up, the more must be left for it to be let in.
   */
  private static final int RESERVED = 2;

  private final GatewayProperties.Limits limits;
  private final TimeMeter time;
  private final GatewayMeters meters;
  private final Bucket allDevices;
  private final Bucket allStrangers;
  private final Map<String, Bucket> devices = remembered();
  private final Map<String, Bucket> strangers = remembered();
  private final Map<String, Bucket> activations = remembered();

  RateLimits(GatewayProperties.Limits limits, TimeMeter time, GatewayMeters meters) {
    this.limits = limits;
    this.time = time;
    this.meters = meters;
    this.allDevices = perSecond(limits.devicesPerSecond(), GLOBAL_BURST_SECONDS);
    this.allStrangers = perSecond(limits.strangersPerSecond(), GLOBAL_BURST_SECONDS);
  }

  private static Map<String, Bucket> remembered() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
        return size() > MAX_REMEMBERED;
      }
    };
  }

  /** A request of a linked device. */
  void admitDevice(String deviceId) {
    Bucket own = ofDevice(deviceId);
    take("device", own);
    long reserved = (long) limits.devicesPerSecond() * GLOBAL_BURST_SECONDS / RESERVED;
    if (allDevices.getAvailableTokens() < Math.round(reserved * (1 - left(own)))) {
      throw overloaded("devices", Duration.ofSeconds(1));
    }
    takeShared("devices", allDevices);
  }

  /**
   * Refuses a linked device whose budget is used up, before its request is read. Takes nothing: who
   * it is has not been proved yet.
   */
  void refuseEarly(String deviceId) {
    Bucket known;
    synchronized (devices) {
      known = devices.get(deviceId);
    }
    if (known != null && known.getAvailableTokens() < 1) {
      throw limited("device", Duration.ofSeconds(1));
    }
  }

  /** Which part of its own budget a device has left, 0 to 1. */
  double left(String deviceId) {
    return left(ofDevice(deviceId));
  }

  private double left(Bucket own) {
    return (double) own.getAvailableTokens()
        / ((long) limits.devicePerSecond() * DEVICE_BURST_SECONDS);
  }

  private Bucket ofDevice(String deviceId) {
    return bucket(
        devices, deviceId, limits.devicePerSecond(), Duration.ofSeconds(1), DEVICE_BURST_SECONDS);
  }

  /** A request that is signed by a device nobody linked. */
  void admitStranger(String deviceId, String address) {
    take(
        "stranger",
        bucket(strangers, deviceId, limits.strangerPerMinute(), Duration.ofMinutes(1), 1));
    take(
        "stranger",
        bucket(strangers, address, limits.strangerPerMinute(), Duration.ofMinutes(1), 1));
    takeShared("strangers", allStrangers);
  }

  /** An attempt to activate a device. */
  void admitActivation(String address) {
    take(
        "activation",
        bucket(activations, address, limits.activationsPerMinute(), Duration.ofMinutes(1), 1));
    takeShared("strangers", allStrangers);
  }

  private void take(String limit, Bucket bucket) {
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw limited(limit, Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
  }

  /** What others used up is no fault of this one. */
  private void takeShared(String reason, Bucket bucket) {
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw overloaded(reason, Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
  }

  private ProblemException limited(String limit, Duration retryAfter) {
    meters.rateLimited(limit);
    return new ProblemException(
        GatewayProblem.RATE_LIMITED, "The budget of this " + limit + " is used up.", retryAfter);
  }

  private ProblemException overloaded(String reason, Duration retryAfter) {
    meters.overloaded(reason);
    return new ProblemException(
        GatewayProblem.OVERLOADED, "The budget of all " + reason + " is used up.", retryAfter);
  }

  private Bucket bucket(
      Map<String, Bucket> buckets, String key, int tokens, Duration per, int burst) {
    synchronized (buckets) {
      return buckets.computeIfAbsent(key, _ -> bucket(tokens, per, burst));
    }
  }

  private Bucket perSecond(int tokens, int burst) {
    return bucket(tokens, Duration.ofSeconds(1), burst);
  }

  private Bucket bucket(int tokens, Duration per, int burst) {
    return Bucket.builder()
        .withCustomTimePrecision(time)
        .addLimit(limit -> limit.capacity((long) tokens * burst).refillGreedy(tokens, per))
        .build();
  }
}
