package org.interseal.bank.processing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * One process that hosts all partitions of its bank's ledger: each has a ledger thread, an inbox
 * and an outbox of its own; what follows the registry, beats, opens and seals is there once.
 *
 * <p>Thread-safe. Killed at any moment and started again on the same stores, it loses and doubles
 * nothing.
 */
public final class BankServer implements AutoCloseable {
  private final NodeSettings settings;
  private final ServerParts parts;
  private final List<BankNode> partitions = new ArrayList<>();

  /** None when there is one partition: then there is nothing to spread. */
  private final Optional<LiveServers> live;

  /**
   * @param settings of the whole server; its partition is the lowest
   * @param disks one for each partition, in order
   * @param threads which the server shuts down when it closes
   */
  public BankServer(
      NodeSettings settings, NodePorts ports, List<PartitionDisk> disks, NodeThreads threads) {
    this(settings, ports, disks, threads, SpreadLimits.DEFAULT);
  }

  BankServer(
      NodeSettings settings,
      NodePorts ports,
      List<PartitionDisk> disks,
      NodeThreads threads,
      SpreadLimits spreading) {
    if (disks.isEmpty()) {
      throw new IllegalArgumentException("at least one partition");
    }
    this.settings = settings;
    this.parts = new ServerParts(settings, ports, threads);
    this.live =
        disks.size() == 1
            ? Optional.empty()
            : Optional.of(
                new LiveServers(
                    ports.own(),
                    disks.size(),
                    settings.node(),
                    parts.run(),
                    spreading,
                    settings.processing().leaseMillis(),
                    threads.time(),
                    parts.evictions()::isRevoked,
                    new ClockGuard(
                        ports.own(),
                        ports.clock(),
                        threads.time()::nanoTime,
                        settings.processing().maxClockAheadMillis()),
                    this::followedHeight));
    for (int partition = 0; partition < disks.size(); partition++) {
      int number = partition;
      partitions.add(
          new BankNode(
              settings.forPartition(number, disks.size()),
              parts,
              disks.get(number),
              live.map(servers -> servers.turn(number)).orElse(WriterTurn.WHOEVER_COMES),
              false));
    }
    for (BankNode node : partitions) {
      node.joinSiblings(
          partitions.stream()
              .filter(other -> !other.equals(node))
              .map(BankNode::asSibling)
              .toList());
    }
  }

  private long followedHeight(int partition) {
    return partitions.get(partition).ableHeight();
  }

  public NodeSettings settings() {
    return settings;
  }

  /** All partitions, in order. */
  public List<BankNode> partitions() {
    return List.copyOf(partitions);
  }

  /** One partition; empty when the bank has none of that number. */
  public Optional<BankNode> partition(int number) {
    return number >= 0 && number < partitions.size()
        ? Optional.of(partitions.get(number))
        : Optional.empty();
  }

  /** A count of all partitions together. */
  public int sum(ToIntFunction<BankNode> count) {
    return partitions.stream().mapToInt(count).sum();
  }

  /** The longest lag of a partition that this server writes. */
  private long feedLagMillis() {
    return partitions.stream().mapToLong(BankNode::feedLagMillis).max().orElse(0);
  }

  /** Returns at once; see {@link BankNode#awaitWriting}. */
  public void start() {
    parts.start(this::feedLagMillis);
    live.ifPresent(servers -> servers.start(parts.threads().timer()));
    partitions.forEach(BankNode::startPartition);
  }

  /**
   * Stops cleanly: every partition finishes its block in hand, is given back, and lets its outbox
   * finish, all at the same time and within the limits.
   */
  @Override
  public void close() {
    partitions.forEach(BankNode::beginStop);
    live.ifPresent(LiveServers::leave);
    partitions.forEach(BankNode::awaitStop);
    parts.stop();
  }

  /** Stops at once and finishes nothing, as a crash would. */
  public void kill() {
    parts.interrupt();
    live.ifPresent(LiveServers::close);
    partitions.forEach(BankNode::killPartition);
    parts.stop();
  }
}
