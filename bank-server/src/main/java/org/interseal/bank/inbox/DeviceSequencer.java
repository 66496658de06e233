package org.interseal.bank.inbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Brings one device's messages into the order of their numbers. A message whose predecessor has not
 * come waits for it, but not long: a device may skip numbers. For one thread.
 *
 * @param <T> what is delivered
 */
final class DeviceSequencer<T> {
  /**
   * Devices whose last delivered number is remembered here; the ledger's state knows the others.
   */
  private static final int MAX_DEVICES = 50_000;

  private record Waiting<T>(T item, long dueNanos) {}

  private final ToLongFunction<String> highestConsumed;
  private final long gapWaitNanos;
  private final int maxWaiting;
  private final Map<String, NavigableMap<Long, Waiting<T>>> waiting = new LinkedHashMap<>();
  private final LinkedHashMap<String, Long> delivered = new LinkedHashMap<>(64, 0.75f, true);
  private int waitingCount;

  /**
   * @param highestConsumed the highest number that the ledger consumed from a device, 0 for none
   */
  DeviceSequencer(ToLongFunction<String> highestConsumed, long gapWaitMillis, int maxWaiting) {
    this.highestConsumed = highestConsumed;
    this.gapWaitNanos = gapWaitMillis * 1_000_000;
    this.maxWaiting = maxWaiting;
  }

  /** Adds to {@code out} what can be delivered now: this one, and those that waited for it. */
  void offer(String device, long number, T item, long nowNanos, List<T> out) {
    long next =
        Math.max(delivered.getOrDefault(device, 0L), highestConsumed.applyAsLong(device)) + 1;
    boolean othersWait = waiting.containsKey(device);
    if (number > next && waitingCount < maxWaiting) {
      NavigableMap<Long, Waiting<T>> ofDevice =
          waiting.computeIfAbsent(device, key -> new TreeMap<>());
      Waiting<T> taken = ofDevice.putIfAbsent(number, new Waiting<>(item, nowNanos + gapWaitNanos));
      if (taken == null) {
        waitingCount++;
      } else {
        // The same number twice: which of them counts is the ledger's decision.
        out.add(item);
      }
      return;
    }
    deliver(device, number, item, out);
    if (othersWait) {
      releaseNext(device, out);
    }
  }

  private void deliver(String device, long number, T item, List<T> out) {
    out.add(item);
    delivered.merge(device, number, Math::max);
    if (delivered.size() > MAX_DEVICES) {
      Iterator<String> eldest = delivered.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  private void releaseNext(String device, List<T> out) {
    NavigableMap<Long, Waiting<T>> ofDevice = waiting.get(device);
    while (ofDevice != null && !ofDevice.isEmpty()) {
      long next = delivered.getOrDefault(device, 0L) + 1;
      if (ofDevice.firstKey() > next) {
        return;
      }
      pollFirst(device, ofDevice, out);
    }
  }

  private void pollFirst(String device, NavigableMap<Long, Waiting<T>> ofDevice, List<T> out) {
    Map.Entry<Long, Waiting<T>> first = ofDevice.pollFirstEntry();
    waitingCount--;
    if (ofDevice.isEmpty()) {
      waiting.remove(device);
    }
    deliver(device, first.getKey(), first.getValue().item(), out);
  }

  /** Adds to {@code out} what has waited long enough, each with those right behind it. */
  void releaseDue(long nowNanos, List<T> out) {
    if (waitingCount == 0) {
      return;
    }
    for (String device : new ArrayList<>(waiting.keySet())) {
      NavigableMap<Long, Waiting<T>> ofDevice = waiting.get(device);
      if (ofDevice != null
          && ofDevice.values().stream().anyMatch(w -> w.dueNanos() - nowNanos <= 0)) {
        releaseUpToDue(device, ofDevice, nowNanos, out);
      }
    }
  }

  private void releaseUpToDue(
      String device, NavigableMap<Long, Waiting<T>> ofDevice, long nowNanos, List<T> out) {
    while (!ofDevice.isEmpty()
        && ofDevice.values().stream().anyMatch(w -> w.dueNanos() - nowNanos <= 0)) {
      pollFirst(device, ofDevice, out);
    }
    releaseNext(device, out);
  }

  boolean isEmpty() {
    return waitingCount == 0;
  }
}
