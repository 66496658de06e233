package org.interseal.bank;

import org.interseal.bank.processing.BankServer;
import org.springframework.context.SmartLifecycle;

/** Starts the server with its context, and stops it cleanly before the stores close. */
final class BankServerLifecycle implements SmartLifecycle {
  private final BankServer server;
  private final WarmUp warmUp;
  private volatile boolean running;

  BankServerLifecycle(BankServer server, WarmUp warmUp) {
    this.server = server;
    this.warmUp = warmUp;
  }

  @Override
  public void start() {
    server.start();
    warmUp.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    warmUp.close();
    server.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
