package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.interseal.bank.chain.PlantedTable.Fate;
import org.interseal.crypto.Bytes;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;

class ChainWriterTest {
  private final PlantedTable table = new PlantedTable();
  private final ChainWorld world = new ChainWorld(table);
  private final PlantedMemory memory = new PlantedMemory();
  private final ChainWriter writer = world.writer("s1", memory);
  private final ChainTip start = world.start();

  private static Bytes body(String text) {
    return Bytes.utf8(text);
  }

  private ChainTip tookOver() {
    return world.appended(world.await(writer.appendFence(start, 1))).tip();
  }

  private AppendResult append(ChainTip tip, String text) {
    return world.await(writer.append(tip, body(text)));
  }

  @Test
  void aBodyStandsAfterTheTipAndIsRemembered() throws Exception {
    ChainTip tip = tookOver();
    ChainedBlock block = world.appended(append(tip, "hello"));

    assertThat(block.place()).isEqualTo(new ChainPlace(0, 2, 0));
    assertThat(block.previousHash()).isEqualTo(tip.hash());
    assertThat(block.node()).isEqualTo("s1");
    assertThat(world.reader(ChainMemory.none()).readOn(tip, 10)).containsExactly(block);
    assertThat(block.body()).isEqualTo(body("hello"));
    assertThat(memory.remembered()).contains(new ChainMemory.Head(2, block.hash()));
    assertThat(table.rows()).noneMatch(row -> row.body().contains(body("hello").toBase64Url()));
  }

  @Test
  void whoHasNotTakenOverWritesNothing() {
    assertThat(append(start, "hello")).isEqualTo(new AppendResult.TakenOver(0));
    assertThat(table.inserts()).isEmpty();
  }

  @Test
  void aFenceRisesByOne() {
    assertThatThrownBy(() -> writer.appendFence(start, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.append(start, body("")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ofTwoWritersOneWinsAndTheOtherLearnsWhatStands() {
    ChainTip tip = tookOver();
    ChainWriter other = world.writer("s2", new PlantedMemory());
    ChainedBlock won = world.appended(append(tip, "first"));

    assertThat(world.await(other.appendFence(tip, 2))).isEqualTo(new AppendResult.Superseded(won));
  }

  @Test
  void theOldWriterLearnsOfATakeOverAndItsLaterRowsAreVoid() throws Exception {
    ChainTip tip = tookOver();
    ChainWriter newer = world.writer("s2", new PlantedMemory());
    ChainedBlock fence = world.appended(world.await(newer.appendFence(tip, 2)));

    assertThat(append(tip, "late")).isEqualTo(new AppendResult.Superseded(fence));
    assertThat(append(fence.tip(), "later")).isEqualTo(new AppendResult.TakenOver(2));

    table.plant("p00.000000000003.00", world.document("s1", fence.tip(), 0, 1, "forced"));
    ChainedBlock next = world.appended(world.await(newer.append(fence.tip(), body("mine"))));
    assertThat(next.place().attempt()).isEqualTo(1);
    assertThat(world.voids).contains("p00.000000000003.00 FENCE_TOO_LOW");
    assertThat(world.reader(ChainMemory.none()).readOn(start, 10)).last().isEqualTo(next);
  }

  @Test
  void anUnknownOutcomeIsSettledByTheSameBytes() {
    ChainTip tip = tookOver();
    table.next(Fate.UNKNOWN_AND_NOT_THERE, Fate.UNKNOWN_AND_THERE);

    ChainedBlock block = world.appended(append(tip, "hello"));
    List<NewRow> tried = table.inserts().subList(1, table.inserts().size());
    assertThat(tried).hasSize(3).allMatch(tried.getFirst()::equals);
    assertThat(table.rows()).hasSize(2);
    assertThat(block.place()).isEqualTo(new ChainPlace(0, 2, 0));
  }

  @Test
  void onlyAnotherValidBlockDisprovesAnUnknownOutcome() throws Exception {
    ChainTip tip = tookOver();
    table.next(Fate.UNKNOWN_AND_NOT_THERE);
    CompletableFuture<AppendResult> result = writer.append(tip, body("hello"));
    world.time.advance(0);
    table.plant("p00.000000000002.00", world.document("s2", tip, 0, 2, ""));

    assertThat(world.await(result))
        .isInstanceOfSatisfying(
            AppendResult.Superseded.class,
            superseded -> assertThat(superseded.other().node()).isEqualTo("s2"));
  }

  @Test
  void aConflictThatIsRolledBackMovesNothing() {
    ChainTip tip = tookOver();
    table.next(Fate.CONFLICT_WITH_NOTHING);

    assertThat(world.appended(append(tip, "hello")).place().attempt()).isZero();
    assertThat(table.inserts().get(1)).isEqualTo(table.inserts().get(2));
  }

  @Test
  void anInsertWithoutAnswerIsTriedAgain() {
    ChainTip tip = tookOver();
    table.next(Fate.NEVER_ANSWERS);

    world.appended(append(tip, "hello"));
    assertThat(table.inserts().get(1)).isEqualTo(table.inserts().get(2));
  }

  @Test
  void triesAreBounded() {
    ChainTip tip = tookOver();
    table.fromNowOn(Fate.FAILS);
    assertThat(append(tip, "hello")).isEqualTo(new AppendResult.StoreDown("planted", false));
    assertThat(table.inserts()).hasSize(1 + ChainWorld.RETRIES.maxTries());

    table.fromNowOn(Fate.UNKNOWN_AND_NOT_THERE);
    assertThat(append(tip, "hello")).isEqualTo(new AppendResult.StoreDown("planted", true));
  }

  @Test
  void afterGivingUpTheSameBodyGoesOnWithTheSameBytes() {
    ChainTip tip = tookOver();
    table.fromNowOn(Fate.UNKNOWN_AND_NOT_THERE);
    append(tip, "hello");
    NewRow tried = table.inserts().getLast();
    table.fromNowOn(Fate.WORKS);

    world.appended(append(tip, "hello"));
    assertThat(table.inserts().getLast()).isEqualTo(tried);
  }

  @Test
  void afterGivingUpAnotherBodyYieldsToTheFirstIfItArrived() {
    ChainTip tip = tookOver();
    table.fromNowOn(Fate.UNKNOWN_AND_THERE);
    assertThat(append(tip, "first")).isInstanceOf(AppendResult.StoreDown.class);
    table.fromNowOn(Fate.WORKS);

    assertThat(append(tip, "second"))
        .isInstanceOfSatisfying(
            AppendResult.Superseded.class,
            superseded -> assertThat(superseded.other().body()).isEqualTo(body("first")));
  }

  @Test
  void squattedAttemptsDoNotWedgeTheChain() throws Exception {
    ChainTip tip = tookOver();
    for (int attempt = 0; attempt < 40; attempt++) {
      table.plant(tip.next(attempt).rowId(), "junk " + attempt);
    }

    ChainedBlock block = world.appended(append(tip, "hello"));
    assertThat(block.place().attempt()).isEqualTo(40);
    assertThat(world.voids).hasSize(40);
    assertThat(world.reader(ChainMemory.none()).readOn(tip, 10)).containsExactly(block);
    // Two inserts only: whoever squats costs a read, not a round trip for each of his rows.
    assertThat(table.inserts()).hasSize(3);
  }

  @Test
  void moreJunkThanTheAlarmAllowsIsReadOnceAndPassed() throws Exception {
    ChainTip tip = tookOver();
    for (int attempt = 0; attempt < 350; attempt++) {
      table.plant(tip.next(attempt).rowId(), "junk " + attempt);
    }

    ChainedBlock block = world.appended(append(tip, "hello"));
    assertThat(block.place().attempt()).isEqualTo(350);
    assertThat(world.voids).hasSize(350);
    assertThat(table.inserts()).hasSize(3);
    ChainReader other = world.reader(ChainMemory.none());
    assertThat(other.readOn(tip, 10)).containsExactly(block);
    assertThat(other.readOn(tip, 10)).containsExactly(block);
    assertThat(world.voids).as("each reader reads them once").hasSize(700);
    assertThat(other.find(block.place().height(), block.hash())).contains(block);
  }

  @Test
  void failingReadsBackAreRepeated() {
    ChainTip tip = tookOver();
    table.plant("p00.000000000002.00", "junk");
    table.failReads(2);

    assertThat(world.appended(append(tip, "hello")).place().attempt()).isEqualTo(1);
  }

  @Test
  void oneBlockEvictsAndTakesOver() {
    ChainTip tip = tookOver();
    ChainWriter other = world.writer("s2", new PlantedMemory());
    ChainedBlock eviction =
        world.appended(world.await(other.appendEvictions(tip, 2, body(world.eviction("s1")))));

    assertThat(eviction.fence()).isEqualTo(2);
    assertThat(append(tip, "late")).isEqualTo(new AppendResult.Superseded(eviction));
    world.appended(world.await(other.append(eviction.tip(), body("next"))));
    assertThatThrownBy(() -> other.appendEvictions(tip, 3, body(world.eviction("s1"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEvictedNodeInsertsNothing() {
    ChainTip tip = world.appended(append(tookOver(), world.eviction("s1"))).tip();

    assertThat(append(tip, "hello"))
        .isInstanceOfSatisfying(
            AppendResult.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(ChainRefused.Reason.NOT_CERTIFIED));
    assertThat(world.await(writer.appendFence(tip, 2))).isInstanceOf(AppendResult.Refused.class);
    assertThat(table.inserts()).hasSize(2);
  }

  @Test
  void aBodyThatOthersWouldCallVoidIsABug() {
    ChainTip tip = tookOver();

    assertThatThrownBy(() -> append(tip, "bad"))
        .hasRootCauseInstanceOf(IllegalStateException.class);
    assertThat(table.inserts()).hasSize(1);
    world.appended(append(tip, "good"));
  }

  @Test
  void anOldBackupOfTheStoreIsNotWrittenTo() {
    ChainTip tip = tookOver();
    List<Row> backup = table.rows();
    ChainedBlock lost = world.appended(append(tip, "lost"));
    table.restore(backup);
    ChainWriter restarted = world.writer("s1", memory);

    assertThat(world.await(restarted.appendFence(tip, 2)))
        .isEqualTo(new AppendResult.BehindMemory(new ChainMemory.Head(2, lost.hash()), tip));
    assertThat(table.rows()).isEqualTo(backup);
  }

  @Test
  void aForkThatGrewPastTheRememberedBlockIsNotWrittenToEither() {
    ChainTip tip = tookOver();
    List<Row> backup = table.rows();
    append(tip, "lost");
    table.restore(backup);
    List<ChainedBlock> fork = world.grow(world.writer("s2", new PlantedMemory()), tip, 3);
    List<Row> forked = table.rows();
    ChainWriter restarted = world.writer("s1", memory);

    for (ChainTip at : List.of(tip, fork.get(0).tip(), fork.get(3).tip())) {
      assertThat(world.await(restarted.appendFence(at, at.fence() + 1)))
          .isInstanceOfSatisfying(
              AppendResult.Refused.class,
              refused ->
                  assertThat(refused.reason()).isEqualTo(ChainRefused.Reason.DIFFERS_FROM_MEMORY));
    }
    assertThat(table.rows()).isEqualTo(forked);
  }

  @Test
  void aCallerThatIsMerelyLateIsToldTheNextBlock() {
    ChainTip tip = tookOver();
    ChainedBlock next = world.appended(append(tip, "next"));

    assertThat(append(tip, "late")).isEqualTo(new AppendResult.Superseded(next));
  }

  @Test
  void whatCannotBeRememberedIsNotReported() {
    ChainTip tip = tookOver();
    memory.fail();

    assertThatThrownBy(() -> append(tip, "hello")).hasRootCauseMessage("planted: disk full");
    assertThatThrownBy(() -> append(tip, "hello")).hasCauseInstanceOf(UncheckedIOException.class);
  }

  @Test
  void blocksAreAppendedOneAtATime() {
    ChainTip tip = tookOver();
    CompletableFuture<AppendResult> first = writer.append(tip, body("one"));

    assertThatThrownBy(() -> writer.append(tip, body("two")))
        .isInstanceOf(IllegalStateException.class);
    world.appended(world.await(first));
  }

  @Test
  void theLargestBodyFits() {
    ChainTip tip = tookOver();
    String largest = "x".repeat(BlockDocument.MAX_BODY_BYTES);

    assertThat(world.appended(append(tip, largest)).body()).isEqualTo(body(largest));
    assertThatThrownBy(() -> writer.append(tip, body(largest + "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
