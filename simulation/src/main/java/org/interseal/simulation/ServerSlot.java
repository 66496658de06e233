package org.interseal.simulation;

import java.util.List;
import org.interseal.bank.processing.NodePhase;
import org.jspecify.annotations.Nullable;

/** A server's place, with what outlives its processes. */
final class ServerSlot {
  final Bank bank;
  final String name;
  final Link link;
  List<ServerDisk> disks;
  List<ServerDisk> oldDisks;
  long clockAheadMillis;
  final long[] comparedHeights;
  boolean evicted;
  @Nullable SimulatedServer server;

  ServerSlot(Bank bank, String name, Link link) {
    this.bank = bank;
    this.name = name;
    this.link = link;
    this.disks = ServerDisk.empty(bank.partitions());
    this.oldDisks = ServerDisk.empty(bank.partitions());
    this.comparedHeights = new long[bank.partitions()];
  }

  /** As kill -9; what it has on disk stays. */
  void kill() {
    SimulatedServer killed = server;
    if (killed != null) {
      killed.process().kill();
      server = null;
    }
  }

  boolean isWriting() {
    SimulatedServer now = server;
    return now != null
        && now.nodes().stream().anyMatch(node -> node.phase() instanceof NodePhase.Writing);
  }

  /** Of all its chains together; negative when it is gone. */
  long height() {
    SimulatedServer now = server;
    return now == null ? -1 : now.nodes().stream().mapToLong(node -> node.tip().height()).sum();
  }
}
