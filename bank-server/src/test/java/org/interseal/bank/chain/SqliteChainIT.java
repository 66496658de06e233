package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain on the embedded store with real threads, files and disks. */
class SqliteChainIT {
  private static final int BLOCKS_EACH = 40;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void twoWritersRaceAndExactlyOneWinsEachHeight() throws Exception {
    try (SqliteStore store = SqliteStore.openBank(directory.resolve("bank.db"), Clock.systemUTC());
        ScheduledThreadPoolExecutor threads = ChainWorld.threads();
        ExecutorService servers = Executors.newFixedThreadPool(2)) {
      ChainWorld world =
          new ChainWorld(new PlantedTable()).on(store.append(TableName.BLOCKS), threads);
      List<Future<List<ChainedBlock>>> racing = new ArrayList<>();
      for (String node : List.of("s1", "s2")) {
        Callable<List<ChainedBlock>> race =
            () -> {
              try (RememberedHeads memory =
                  RememberedHeads.open(directory.resolve(node), world.chain)) {
                return race(world.start(), node, world.writer(node, memory));
              }
            };
        racing.add(servers.submit(race));
      }
      Set<ChainedBlock> won = new HashSet<>();
      for (Future<List<ChainedBlock>> each : racing) {
        List<ChainedBlock> blocks = each.get(120, TimeUnit.SECONDS);
        assertThat(blocks).filteredOn(block -> !block.isFence()).hasSize(BLOCKS_EACH);
        won.addAll(blocks);
      }

      List<ChainedBlock> whole = world.reader(ChainMemory.none()).readOn(world.start(), 10_000);
      assertThat(whole).containsExactlyInAnyOrderElementsOf(won);
      assertThat(whole).extracting(block -> block.place().attempt()).containsOnly(0);
    }
  }

  /** Takes over whenever it has lost the chain, until it wrote its share. */
  private static List<ChainedBlock> race(ChainTip start, String node, ChainWriter writer)
      throws Exception {
    List<ChainedBlock> won = new ArrayList<>();
    ChainTip tip = start;
    boolean takeOver = true;
    int written = 0;
    while (written < BLOCKS_EACH) {
      AppendResult result =
          (takeOver
                  ? writer.appendFence(tip, tip.fence() + 1)
                  : writer.append(tip, Bytes.utf8(node + " body " + written)))
              .get(60, TimeUnit.SECONDS);
      switch (result) {
        case AppendResult.Appended(ChainedBlock block) -> {
          won.add(block);
          tip = block.tip();
          written += block.isFence() ? 0 : 1;
          takeOver = false;
        }
        case AppendResult.Superseded(ChainedBlock other) -> tip = other.tip();
        case AppendResult.TakenOver ignored -> takeOver = true;
        default -> throw new AssertionError(result.toString());
      }
    }
    return won;
  }
}
