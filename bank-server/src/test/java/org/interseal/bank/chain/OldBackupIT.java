package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.interseal.crypto.Bytes;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody puts last week's file back. */
class OldBackupIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Path database() {
    return directory.resolve("bank.db");
  }

  private SqliteStore open() {
    return SqliteStore.openBank(database(), Clock.systemUTC());
  }

  private void restore(Path backup) throws IOException {
    for (String suffix : List.of("-wal", "-shm")) {
      Files.deleteIfExists(directory.resolve("bank.db" + suffix));
    }
    Files.copy(backup, database(), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aBankIsNotForkedSilentlyByAnOldBackup() throws Exception {
    Path backup = directory.resolve("backup.db");
    ChainWorld world = new ChainWorld(new PlantedTable());
    try (ScheduledThreadPoolExecutor threads = ChainWorld.threads()) {
      aBankIsNotForked(backup, world, threads);
    }
  }

  private void aBankIsNotForked(Path backup, ChainWorld world, ScheduledThreadPoolExecutor threads)
      throws Exception {
    ChainTip shorter;
    ChainTip whole;
    try (SqliteStore store = open();
        RememberedHeads memory = RememberedHeads.open(directory, world.chain)) {
      ChainWorld first = world.on(store.append(TableName.BLOCKS), threads);
      shorter = first.grow(first.writer("s1", memory), world.start(), 3).getLast().tip();
    }
    Files.copy(database(), backup);
    try (SqliteStore store = open();
        RememberedHeads memory = RememberedHeads.open(directory, world.chain)) {
      ChainWorld later = world.on(store.append(TableName.BLOCKS), threads);
      whole = later.grow(later.writer("s1", memory), shorter, 3).getLast().tip();
    }
    restore(backup);

    try (SqliteStore store = open();
        RememberedHeads memory = RememberedHeads.open(directory, world.chain)) {
      ChainWorld restored = world.on(store.append(TableName.BLOCKS), threads);
      ChainTip shown = restored.reader(memory).readOn(world.start(), 100).getLast().tip();
      ChainWriter writer = restored.writer("s1", memory);
      assertThat(shown).isEqualTo(shorter);
      assertThat(restored.await(writer.appendFence(shown, shown.fence() + 1)))
          .isEqualTo(
              new AppendResult.BehindMemory(
                  new ChainMemory.Head(whole.height(), whole.hash()), shown));
      assertThat(restored.reader(ChainMemory.none()).readOn(shown, 10)).isEmpty();

      memory.accept(shown.height(), shown.hash());
      ChainedBlock fence =
          restored.appended(restored.await(writer.appendFence(shown, shown.fence() + 1)));
      restored.appended(restored.await(writer.append(fence.tip(), Bytes.utf8("accepted"))));
    }
  }
}
