package org.interseal.bank;

import org.interseal.bank.processing.BankServer;
import org.springframework.context.SmartLifecycle;

/** Starts the server with its context, and stops it cleanly before the stores close. */
final class BankServerLifecycle implements SmartLifecycle {
  private final BankServer server;
  private volatile boolean running;

  BankServerLifecycle(BankServer server) {
    this.server = server;
  }

  @Override
  public void start() {
    server.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    server.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
