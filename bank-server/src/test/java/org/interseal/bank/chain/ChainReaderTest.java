package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.junit.jupiter.api.Test;

class ChainReaderTest {
  private final PlantedTable table = new PlantedTable();
  private final ChainWorld world = new ChainWorld(table);
  private final ChainTip start = world.start();
  private final PlantedMemory memory = new PlantedMemory();
  private final List<ChainedBlock> grown =
      world.grow(world.writer("s1", new PlantedMemory()), start, 39);

  private List<ChainedBlock> read(ChainTip from, int max) throws Exception {
    return world.reader(memory).readOn(from, max);
  }

  private static ChainMemory.Head head(ChainedBlock block) {
    return new ChainMemory.Head(block.place().height(), block.hash());
  }

  private void assertRefused(ChainTip from, ChainRefused.Reason reason) {
    assertThatThrownBy(() -> read(from, 100))
        .isInstanceOfSatisfying(
            ChainRefused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  @Test
  void theChainIsReadInPiecesOfAnySize() throws Exception {
    for (int max : new int[] {1, 7, 16, 17, 1_000}) {
      ChainTip tip = start;
      int count = 0;
      for (List<ChainedBlock> page = read(tip, max); !page.isEmpty(); page = read(tip, max)) {
        assertThat(page)
            .hasSizeLessThanOrEqualTo(max)
            .isEqualTo(grown.subList(count, count + page.size()));
        count += page.size();
        tip = page.getLast().tip();
      }
      assertThat(count).isEqualTo(40);
    }
  }

  @Test
  void whatIsReadIsRemembered() throws Exception {
    read(start, 10);
    assertThat(memory.remembered()).contains(head(grown.get(9)));
    read(start, 5);
    assertThat(memory.remembered()).contains(head(grown.get(9)));
  }

  @Test
  void aBlockWithoutTheVoidRowsBeforeItIsNone() throws Exception {
    ChainTip tip = grown.getLast().tip();
    table.plant(tip.next(1).rowId(), world.document("s1", tip, 1, tip.fence(), "early"));
    assertThat(read(tip, 10)).isEmpty();

    table.plant(tip.next(0).rowId(), "junk");
    assertThat(read(tip, 10))
        .singleElement()
        .satisfies(block -> assertThat(block.place().attempt()).isEqualTo(1));
  }

  @Test
  void theLowestValidAttemptIsTheBlock() throws Exception {
    ChainTip tip = grown.getLast().tip();
    table.plant(tip.next(0).rowId(), "junk");
    table.plant(tip.next(1).rowId(), world.document("s1", tip, 1, tip.fence(), "one"));
    table.plant(tip.next(2).rowId(), world.document("s2", tip, 2, tip.fence(), "two"));

    assertThat(read(tip, 10)).extracting(ChainedBlock::body).containsExactly(Bytes.utf8("one"));
  }

  @Test
  void aBlockThatDoesNotFitWhatIsBeforeItIsVoidForWhoeverReadsInWhateverPieces() throws Exception {
    ChainTip tip = grown.getLast().tip();
    ChainedBlock first = plant(tip, 0, "one");
    table.plant(
        first.tip().next(0).rowId(),
        world.document("s1", first.tip(), 0, tip.fence(), "after two"));
    ChainedBlock second = plant(first.tip(), 1, "after one");

    assertThat(read(start, 100)).endsWith(first, second);
    assertThat(read(first.tip(), 1)).containsExactly(second);
    assertThat(world.voids).contains(first.tip().next(0).rowId() + " " + VoidReason.BODY_OBJECTION);
  }

  private ChainedBlock plant(ChainTip tip, int attempt, String body) throws Exception {
    String document = world.document("s1", tip, attempt, tip.fence(), body);
    table.plant(tip.next(attempt).rowId(), document);
    return ((Judgement.Valid) world.judge(tip, attempt, document)).block();
  }

  @Test
  void anOldBlockIsFoundByTheHashThatALaterOneNames() throws Exception {
    ChainedBlock twentieth = grown.get(19);
    table.plant(grown.get(18).tip().next(1).rowId(), "junk");

    ChainedBlock found = world.reader(memory).find(20, grown.get(20).previousHash()).orElseThrow();

    assertThat(found).isEqualTo(twentieth);
    assertThat(found.body()).isEqualTo(twentieth.body());
    assertThat(world.reader(memory).find(20, grown.get(20).hash())).isEmpty();
    assertThat(world.reader(memory).find(1_000, grown.get(20).hash())).isEmpty();
    // It was found, not followed: what comes next cannot be judged from it.
    assertThatThrownBy(() -> read(found.tip(), 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oddRowsBesideTheChainCostNothing() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      table.plant("p00.000000000003.00-" + i, "junk");
    }
    assertThat(read(start, 1_000)).hasSize(40);
  }

  @Test
  void blocksBeforeAnUnreadableOneAreStillRead() throws Exception {
    world.periods.begin("2");
    ChainWriter writer = world.writer("s2", new PlantedMemory());
    ChainTip tip = world.grow(writer, grown.getLast().tip(), 0).getLast().tip();
    world.periods.lose("2");

    assertThat(read(start, 1_000)).hasSize(40);
    assertRefused(grown.getLast().tip(), ChainRefused.Reason.PERIOD_KEY_MISSING);
    assertThat(tip.height()).isEqualTo(41);
  }

  @Test
  void startingBeyondTheRememberedBlockIsRefusedWhereNothingLeadsBackToIt() throws Exception {
    read(start, 10);
    ChainTip there = grown.get(34).tip();
    Bytes madeUp = Bytes.sha256(Bytes.utf8("no block"));
    assertRefused(
        new ChainTip(
            there.partition(),
            there.height(),
            madeUp,
            there.fence(),
            there.period(),
            there.content()),
        ChainRefused.Reason.DIFFERS_FROM_MEMORY);
  }

  @Test
  void anotherBlockThanTheRememberedOneIsRefused() throws Exception {
    List<Row> backup = table.rows().subList(0, 20);
    read(start, 30);
    table.restore(backup);
    List<ChainedBlock> fork =
        world.grow(world.writer("s2", new PlantedMemory()), grown.get(19).tip(), 20);

    assertThat(read(start, 29)).hasSize(29);
    assertThat(read(start, 1_000)).hasSize(29);
    assertRefused(fork.get(8).tip(), ChainRefused.Reason.DIFFERS_FROM_MEMORY);
    assertRefused(fork.get(9).tip(), ChainRefused.Reason.DIFFERS_FROM_MEMORY);
    // From a snapshot that was taken beyond the fork.
    assertRefused(fork.getLast().tip(), ChainRefused.Reason.DIFFERS_FROM_MEMORY);
  }

  @Test
  void startingBeyondTheRememberedBlockIsFineWhileItStands() throws Exception {
    read(start, 10);

    assertThat(read(grown.get(29).tip(), 100)).hasSize(10);
    assertThat(memory.remembered()).contains(head(grown.getLast()));
  }

  @Test
  void anUnavailableStoreIsNotTheEndOfTheChain() {
    table.failReads(1);
    assertThatThrownBy(() -> read(start, 10)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void nothingAfterAnEvictionCounts() throws Exception {
    ChainTip end = grown.getLast().tip();
    table.plant(end.next(0).rowId(), world.document("s1", end, 0, 1, world.eviction("s1")));
    ChainTip evicted = read(end, 1).getFirst().tip();
    table.plant(evicted.next(0).rowId(), world.document("s1", evicted, 0, 1, "body"));
    table.plant(evicted.next(1).rowId(), world.document("s1", evicted, 1, 2, ""));
    assertThat(read(start, 100)).hasSize(41);

    ChainWriter next = world.writer("s2", new PlantedMemory());
    ChainedBlock fence = world.appended(world.await(next.appendFence(evicted, 2)));
    assertThat(fence.place()).isEqualTo(new ChainPlace(0, 42, 2));
    assertThat(read(start, 100)).hasSize(42);
  }
}
