package org.interseal.simulation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.processing.SnapshotMemory;
import org.jspecify.annotations.Nullable;

/** What a server keeps when its process dies. */
final class ServerDisk implements ChainMemory, SnapshotMemory {
  private @Nullable Head head;
  private @Nullable Taken taken;

  /** New ones. */
  static List<ServerDisk> empty(int partitions) {
    return Stream.generate(ServerDisk::new).limit(partitions).toList();
  }

  static List<ServerDisk> copy(List<ServerDisk> disks) {
    return disks.stream().map(ServerDisk::copy).toList();
  }

  /** As it is now, for coming back to it. */
  ServerDisk copy() {
    ServerDisk copy = new ServerDisk();
    copy.head = head;
    copy.taken = taken;
    return copy;
  }

  @Override
  public Optional<Head> remembered() {
    return Optional.ofNullable(head);
  }

  @Override
  public void saw(Head seen) {
    if (head == null || seen.height() > head.height()) {
      head = seen;
    }
  }

  @Override
  public Optional<Taken> latest() {
    return Optional.ofNullable(taken);
  }

  @Override
  public void remember(Taken next) {
    taken = next;
  }
}
