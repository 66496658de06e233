package org.interseal.launcher.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.interseal.launcher.federation.ServiceProcess;

/** A process that faults happen to. */
interface Victim {
  /** Of the bank, a space, and of the node. */
  String name();

  Path log();

  boolean isAlive();

  /** SIGKILL. Returns once it is dead. */
  void kill() throws InterruptedException;

  /** SIGSTOP, and SIGCONT after a while; returns when it goes on. */
  void pause(Duration length) throws IOException;

  /** Stops it cleanly. */
  void stop();

  /** Starts it again; returns once it is ready, and otherwise throws. */
  void start(Duration limit) throws IOException, InterruptedException;

  static Victim of(ServiceProcess process) {
    return new Victim() {
      @Override
      public String name() {
        return process.service().name();
      }

      @Override
      public Path log() {
        return process.log();
      }

      @Override
      public boolean isAlive() {
        return process.isAlive();
      }

      @Override
      public void kill() throws InterruptedException {
        process.kill();
      }

      @Override
      public void pause(Duration length) throws IOException {
        process.pause(length).join();
      }

      @Override
      public void stop() {
        process.close();
      }

      @Override
      public void start(Duration limit) throws IOException, InterruptedException {
        process.start(limit);
      }
    };
  }
}
