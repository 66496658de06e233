package org.interseal.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Whether the servers' logs are seen. */
final class SimulatedLogs {
  private SimulatedLogs() {}

  static void show(boolean all) {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(all ? Level.DEBUG : Level.OFF);
    }
  }
}
