package org.interseal.launcher.chaos;

import org.interseal.launcher.federation.LocalFederation;

/** Stops a federation when this process is told to end, as long as this is open. */
record EndOfProcess(Thread hook) implements AutoCloseable {
  static EndOfProcess closes(LocalFederation federation) {
    Thread hook = new Thread(federation::close);
    Runtime.getRuntime().addShutdownHook(hook);
    return new EndOfProcess(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is ending, and the hook at work.
    }
  }
}
