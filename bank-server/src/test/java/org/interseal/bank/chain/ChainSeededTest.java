package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.interseal.crypto.Bytes;
import org.interseal.store.Persevering;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers fight for one chain on a store that does what it likes; the failing seed is in the test's
 * name.
 */
class ChainSeededTest {
  private static final int STEPS = 120;

  /**
   * One server as far as the chain goes: what it was told, and where it believes the chain stands.
   */
  private static final class Server {
    final ChainMemory memory = new PlantedMemory();
    final String node;
    ChainWriter writer;
    ChainTip tip;

    Server(ChainWorld world, String node) {
      this.node = node;
      this.writer = world.writer(node, memory);
      this.tip = world.start();
    }
  }

  private final Map<Long, Bytes> told = new HashMap<>();
  private int bodies;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
  void whatWasAcknowledgedStandsOnceAndEverybodySeesTheSameChain(long seed) throws Exception {
    SplittableRandom dice = new SplittableRandom(seed);
    VirtualTime storeTime = new VirtualTime(Instant.parse("2026-11-20T10:00:00Z"));
    UnkindStore store = UnkindStore.bank(seed, storeTime, storeTime, Unkindness.harsh());
    ChainWorld world = new ChainWorld(store.append(TableName.BLOCKS));
    List<Server> servers = List.of(new Server(world, "s1"), new Server(world, "s2"));

    for (int step = 0; step < STEPS; step++) {
      Server server = servers.get(dice.nextInt(servers.size()));
      if (dice.nextInt(10) == 0) {
        server.writer = world.writer(server.node, server.memory);
      }
      if (dice.nextInt(4) == 0) {
        follow(world, server);
      }
      boolean takesOver = dice.nextInt(5) == 0;
      var result =
          takesOver
              ? server.writer.appendFence(server.tip, server.tip.fence() + 1)
              : server.writer.append(server.tip, Bytes.utf8("body " + bodies++));
      for (int i = 0; i < 100_000 && !result.isDone(); i++) {
        storeTime.advance(5);
        world.time.advance(5);
      }
      note(server, result.join());
    }
    storeTime.advance(60_000);
    check(world);
  }

  private void follow(ChainWorld world, Server server) throws ChainRefused {
    try {
      for (ChainedBlock block : world.reader(server.memory).readOn(server.tip, 50)) {
        server.tip = block.tip();
      }
    } catch (StoreUnavailable e) {
      // Later, then.
    }
  }

  private void note(Server server, AppendResult result) {
    switch (result) {
      case AppendResult.Appended(ChainedBlock block) -> {
        assertThat(told.put(block.place().height(), block.hash()))
            .as("appended twice at one height")
            .isNull();
        server.tip = block.tip();
      }
      case AppendResult.Superseded(ChainedBlock other) -> server.tip = other.tip();
      case AppendResult.TakenOver ignored -> {}
      case AppendResult.StoreDown ignored -> {}
      case AppendResult.BehindMemory behind -> throw new AssertionError(behind.explanation());
      case AppendResult.Refused refused -> throw new AssertionError(refused.toString());
    }
  }

  private void check(ChainWorld world) {
    List<ChainedBlock> whole = new ArrayList<>();
    ChainReader reader = world.reader(ChainMemory.none());
    ChainTip tip = world.start();
    for (List<ChainedBlock> page = read(reader, tip); !page.isEmpty(); page = read(reader, tip)) {
      whole.addAll(page);
      tip = whole.getLast().tip();
    }
    Map<Long, Bytes> standing = new TreeMap<>();
    whole.forEach(block -> standing.put(block.place().height(), block.hash()));

    assertThat(told.size()).as("something happened").isGreaterThan(10);
    assertThat(standing).containsAllEntriesOf(told);
    List<Bytes> contents =
        whole.stream().filter(block -> !block.isFence()).map(ChainedBlock::body).toList();
    assertThat(contents).doesNotHaveDuplicates();
    assertThat(whole).extracting(ChainedBlock::fence).isSorted();
  }

  private static List<ChainedBlock> read(ChainReader reader, ChainTip tip) {
    return Persevering.ask(() -> {
      try {
        return reader.readOn(tip, 50);
      } catch (ChainRefused e) {
        throw new AssertionError(e);
      }
    });
  }
}
