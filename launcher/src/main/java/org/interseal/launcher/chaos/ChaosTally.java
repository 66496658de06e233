package org.interseal.launcher.chaos;

import java.util.ArrayList;
import java.util.List;

/** What was done to processes so far, and what they did unasked. Thread-safe. */
final class ChaosTally {
  /** More say nothing new. */
  static final int MAX_WRONG = 100;

  private final int maxKills;
  private final List<Long> takeOverMillis = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int kills;
  private int pauses;
  private int restarts;

  ChaosTally(int maxKills) {
    this.maxKills = maxKills;
  }

  /** Whether there are kills left. */
  synchronized boolean goesOn() {
    return kills < maxKills;
  }

  synchronized void killed() {
    kills++;
  }

  synchronized void paused() {
    pauses++;
  }

  synchronized void restarted() {
    restarts++;
  }

  synchronized void tookOver(long millis) {
    takeOverMillis.add(millis);
  }

  /** Something that must not be, for people. */
  synchronized void wrong(String what) {
    if (wrong.size() < MAX_WRONG) {
      wrong.add(what);
    }
  }

  synchronized int kills() {
    return kills;
  }

  synchronized int pauses() {
    return pauses;
  }

  synchronized int restarts() {
    return restarts;
  }

  synchronized TakeOvers takeOvers() {
    return TakeOvers.of(takeOverMillis);
  }

  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }
}
