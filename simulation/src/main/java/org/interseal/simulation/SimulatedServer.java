package org.interseal.simulation;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.bank.inbox.InboxLimits;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.bank.outbox.OutboxLimits;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.NodePorts;
import org.interseal.bank.processing.NodeSettings;
import org.interseal.bank.processing.NodeThreads;
import org.interseal.bank.processing.PartitionDisk;
import org.interseal.bank.processing.ProcessingLimits;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.crypto.KeyId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;

/** A bank's server: the production node on simulated threads. */
final class SimulatedServer {
  static final CurrencyCode CZK = new CurrencyCode("CZK");
  private static final InboxLimits INBOX =
      new InboxLimits(64, 1_000, 16 * 1024, 1_000, 200, 100, 1_000, 500, 8L * 86_400_000);
  private static final OutboxLimits OUTBOX = new OutboxLimits(1_000, 50, 300, 2_000, 10_000, 50);
  private static final int OPENERS = 2;
  private static final int TIMERS = 4;

  private final SimulatedProcess process;
  private final BankNode node;

  SimulatedServer(
      SimulatedProcess process,
      Bank bank,
      String name,
      Store shared,
      Store own,
      BankDirectory directory,
      ServerDisk disk,
      SecureRandom random,
      int snapshotBlocks) {
    this.process = process;
    KeyId keyId = bank.encryption().encryptionKey().id();
    NodePorts ports =
        new NodePorts(
            shared,
            own,
            directory,
            bank.server(name),
            id -> id.equals(keyId) ? Optional.of(bank.encryption()) : Optional.empty(),
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
    this.node =
        new BankNode(
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
            new PartitionDisk(disk, disk),
            threads);
  }

  static LedgerTerms terms() {
    return new LedgerTerms(
        List.of(CZK), 1_000_000, 100_000_000, 900_000_000, 500_000_000, Map.of(), 1_000);
  }

  SimulatedProcess process() {
    return process;
  }

  BankNode node() {
    return node;
  }

  void start() {
    process.spawn(node::start);
  }

  /** As an operator's stop: finishes what is in hand. */
  void stop() {
    process.spawn(node::close);
  }
}
