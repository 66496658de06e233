package org.interseal.bank;

import org.interseal.bank.processing.BankNode;
import org.springframework.context.SmartLifecycle;

/** Starts the server with its context, and stops it cleanly before the stores close. */
final class BankNodeLifecycle implements SmartLifecycle {
  private final BankNode node;
  private volatile boolean running;

  BankNodeLifecycle(BankNode node) {
    this.node = node;
  }

  @Override
  public void start() {
    node.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    node.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
