package org.interseal.simulation;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.interseal.bank.inbox.InboxLimits;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.bank.outbox.OutboxLimits;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.bank.processing.NodePorts;
import org.interseal.bank.processing.NodeSettings;
import org.interseal.bank.processing.NodeThreads;
import org.interseal.bank.processing.PartitionDisk;
import org.interseal.bank.processing.ProcessingLimits;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.crypto.DecryptionKey;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/** A bank's server: the production node on simulated threads. */
final class SimulatedServer {
  static final CurrencyCode CZK = new CurrencyCode("CZK");
  private static final InboxLimits INBOX =
      new InboxLimits(64, 1_000, 16 * 1024, 1_000, 200, 100, 1_000, 500, 8L * 86_400_000);
  private static final OutboxLimits OUTBOX = new OutboxLimits(1_000, 50, 300, 2_000, 10_000, 50);
  private static final int OPENERS = 2;
  private static final int TIMERS = 4;
  private static final long REFRESH_MILLIS = 500;

  private final SimulatedProcess process;
  private final BankDirectory directory;
  private final BankServer server;
  private boolean started;
  private boolean stopping;

  /**
   * @param keys which of the bank's encryption keys it has
   * @param disks of each partition, in order
   */
  SimulatedServer(
      SimulatedProcess process,
      Bank bank,
      String name,
      Store shared,
      Store own,
      BankDirectory directory,
      List<DecryptionKey> keys,
      List<ServerDisk> disks,
      SecureRandom random,
      int snapshotBlocks) {
    this.process = process;
    this.directory = directory;
    NodePorts ports =
        new NodePorts(
            shared,
            own,
            directory,
            bank.server(name),
            id -> keys.stream().filter(key -> key.encryptionKey().id().equals(id)).findFirst(),
            () -> {},
            bank.periods(),
            new RegistryNodeTrust(bank.id(), directory),
            process,
            random,
            new CompositeMeterRegistry());
    NodeThreads threads =
        new NodeThreads(
            new SimulatedExecutor(process, OPENERS),
            new SimulatedExecutor(process, OPENERS),
            new SimulatedExecutor(process, 1),
            new SimulatedExecutor(process, TIMERS),
            process::newThread,
            process);
    this.server =
        new BankServer(
            new NodeSettings(
                bank.id(),
                0,
                name,
                terms(),
                new ProcessingLimits(25, 10_000, 1_000, 250, snapshotBlocks, 3_000),
                INBOX,
                OUTBOX,
                OPENERS),
            ports,
            disks.stream().map(disk -> new PartitionDisk(disk, disk)).toList(),
            threads);
  }

  static LedgerTerms terms() {
    return new LedgerTerms(
        List.of(CZK), 1_000_000, 100_000_000, 900_000_000, 500_000_000, Map.of(), 1_000);
  }

  SimulatedProcess process() {
    return process;
  }

  /** Of each partition, in order. */
  List<BankNode> nodes() {
    return server.partitions();
  }

  BankDirectory directory() {
    return directory;
  }

  void start() {
    process.spawn(() -> {
      while (!stopping && !hasReadRegistry()) {
        process.sleep(REFRESH_MILLIS);
      }
      if (!stopping) {
        started = true;
        server.start();
      }
    });
  }

  /** No server begins without it. */
  private boolean hasReadRegistry() {
    try {
      var _ = directory.refresh();
      return true;
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  /** As an operator's stop: finishes what is in hand. */
  void stop() {
    stopping = true;
    if (started) {
      process.spawn(server::close);
    }
  }
}
