package org.interseal.bank.processing;

import java.util.function.LongSupplier;
import org.interseal.bank.inbox.VerificationKeyCache;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.store.Scheduler;
import org.jspecify.annotations.Nullable;

/** What a server has once, however many partitions it hosts. It owns its threads. */
final class ServerParts {
  private static final int RUN_BYTES = 16;

  private final NodeSettings settings;
  private final NodePorts ports;
  private final NodeThreads threads;
  private final RegistryView registry;
  private final RegistryFollower follower;
  private final RowTags rowTags;
  private final String run;
  private final Evictions evictions;
  private volatile @Nullable Heartbeat heartbeat;
  private final VerificationKeyCache verificationKeys = new VerificationKeyCache();

  ServerParts(NodeSettings settings, NodePorts ports, NodeThreads threads) {
    this.settings = settings;
    this.ports = ports;
    this.threads = threads;
    byte[] number = new byte[RUN_BYTES];
    ports.random().nextBytes(number);
    this.run = Bytes.of(number).toBase64Url();
    this.evictions =
        new Evictions(
            settings.bank(),
            ports.signingKey().verificationKey().id(),
            ports.directory(),
            ports.clock());
    this.registry = new RegistryView(settings.bank(), ports.directory(), ports.clock());
    this.follower =
        new RegistryFollower(
            settings.bank(),
            ports.shared(),
            ports.directory(),
            ports.keyRefresh(),
            threads.timer(),
            threads.time());
    this.rowTags = new RowTags(settings, ports, registry);
  }

  NodePorts ports() {
    return ports;
  }

  NodeThreads threads() {
    return threads;
  }

  /** Names this process among all that ever ran with this node's keys. */
  String run() {
    return run;
  }

  Evictions evictions() {
    return evictions;
  }

  Scheduler scheduler() {
    return Scheduler.on(threads.timer());
  }

  RegistryView registry() {
    return registry;
  }

  /** Asks for newer knowledge. */
  RegistryFollower knowledge() {
    return follower;
  }

  VerificationKeyCache verificationKeys() {
    return verificationKeys;
  }

  RowTags rowTags() {
    return rowTags;
  }

  /**
   * @param feedLagMillis by how much the ledger lags behind the messages that were read
   */
  void start(LongSupplier feedLagMillis) {
    follower.start();
    heartbeat =
        new Heartbeat(
            ports.shared(),
            settings.bank(),
            settings.node(),
            ports.signingKey(),
            ports.clock(),
            new BankMeters(ports.meters(), settings.partition()),
            feedLagMillis);
    heartbeat.start(threads.timer());
    rowTags.start(threads.timer());
  }

  /** Interrupts all work at once, as a crash would. */
  void interrupt() {
    threads.shutdownNow();
  }

  void stop() {
    Heartbeat beating = heartbeat;
    if (beating != null) {
      beating.close();
    }
    rowTags.close();
    follower.close();
    threads.shutdownNow();
  }
}
