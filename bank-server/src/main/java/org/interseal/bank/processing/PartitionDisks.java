package org.interseal.bank.processing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.identity.BankId;

/** What a server keeps of all partitions in one directory of its own. */
public final class PartitionDisks implements AutoCloseable {
  private final List<RememberedHeads> heads = new ArrayList<>();
  private final List<PartitionDisk> disks = new ArrayList<>();

  private PartitionDisks() {}

  /**
   * Opens or makes the files of every partition.
   *
   * @throws java.io.UncheckedIOException as {@link RememberedHeads#open}; then none stays open
   */
  public static PartitionDisks open(Path directory, BankId bank, int partitions) {
    PartitionDisks all = new PartitionDisks();
    try {
      for (int partition = 0; partition < partitions; partition++) {
        ChainIdentity chain = new ChainIdentity(bank, partition);
        RememberedHeads memory = RememberedHeads.open(directory, chain);
        all.heads.add(memory);
        all.disks.add(new PartitionDisk(memory, new SnapshotFile(directory, chain)));
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** In the order of the partitions. */
  public List<PartitionDisk> all() {
    return List.copyOf(disks);
  }

  /** What is remembered of a partition's chain. */
  public RememberedHeads heads(int partition) {
    return heads.get(partition);
  }

  @Override
  public void close() {
    heads.forEach(RememberedHeads::close);
  }
}
