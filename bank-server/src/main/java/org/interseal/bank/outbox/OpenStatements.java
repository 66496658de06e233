package org.interseal.bank.outbox;

import java.util.HashMap;
import java.util.Map;

/** How many statement pages are being worked out, per device and in all. Thread-safe. */
final class OpenStatements {
  /** Pages of one device at a time. */
  static final int MAX_PER_DEVICE = 4;

  /** Pages of all devices at a time; beyond it every device is asked to come again. */
  static final int MAX_IN_ALL = 512;

  private final Map<String, Integer> open = new HashMap<>();
  private int inAll;

  /** Whether one more may begin; if so it has to be released. */
  synchronized boolean admit(String deviceId) {
    int ofDevice = open.getOrDefault(deviceId, 0);
    if (ofDevice >= MAX_PER_DEVICE || inAll >= MAX_IN_ALL) {
      return false;
    }
    open.put(deviceId, ofDevice + 1);
    inAll++;
    return true;
  }

  synchronized void release(String deviceId) {
    int ofDevice = open.getOrDefault(deviceId, 0);
    if (ofDevice == 0) {
      throw new IllegalStateException("nothing is open for this device");
    }
    if (ofDevice == 1) {
      open.remove(deviceId);
    } else {
      open.put(deviceId, ofDevice - 1);
    }
    inAll--;
  }
}
