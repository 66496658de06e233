package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.interseal.bank.chain.PlantedTable.Fate;
import org.interseal.bank.chain.Snapshots.Fault;
import org.interseal.bank.chain.Snapshots.LoadResult;
import org.interseal.bank.chain.Snapshots.StoreResult;
import org.interseal.crypto.Bytes;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private final PlantedTable table = new PlantedTable();
  private final ChainWorld world = new ChainWorld(new PlantedTable());
  private final Snapshots snapshots =
      new Snapshots(world.chain, table, world.periods, world.random);
  private final List<Bytes> chunks = chunks(70);

  private static List<Bytes> chunks(int count) {
    List<Bytes> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(Bytes.utf8("chunk " + i));
    }
    return chunks;
  }

  private List<String> store() throws Exception {
    StoreResult result = world.await(snapshots.store(chunks));
    assertThat(result).isInstanceOf(StoreResult.Stored.class);
    return ((StoreResult.Stored) result).chunkIds();
  }

  @Test
  void whatWasStoredIsLoadedInOrder() throws Exception {
    List<String> ids = store();

    assertThat(ids).hasSize(70).doesNotHaveDuplicates();
    assertThat(snapshots.load(ids)).isEqualTo(new LoadResult.Loaded(chunks));
    assertThat(snapshots.load(List.of(ids.get(5))))
        .isEqualTo(new LoadResult.Loaded(List.of(chunks.get(5))));
    assertThat(table.rows()).noneMatch(row -> row.body().contains(chunks.getFirst().toBase64Url()));
  }

  @Test
  void manyChunksAreNamedByFewIds() throws Exception {
    List<Bytes> many = chunks(10_000);
    List<String> ids = ((StoreResult.Stored) world.await(snapshots.store(many))).chunkIds();

    assertThat(ids).hasSize(3);
    assertThat(snapshots.load(ids)).isEqualTo(new LoadResult.Loaded(many));

    table.remove(ids.get(1));
    assertThat(snapshots.load(ids)).isEqualTo(new LoadResult.Unusable(ids.get(1), Fault.MISSING));
  }

  @Test
  void moreThanASnapshotMayHaveIsNotStored() throws Exception {
    List<Bytes> tooMany = Collections.nCopies(Snapshots.MAX_CHUNKS + 1, Bytes.utf8("chunk"));

    assertThat(world.await(snapshots.store(tooMany))).isInstanceOf(StoreResult.NotStored.class);
    assertThat(table.rows()).isEmpty();
  }

  @Test
  void aMissingChunkMakesItUnusable() throws Exception {
    List<String> ids = store();
    table.remove(ids.get(40));

    assertThat(snapshots.load(ids)).isEqualTo(new LoadResult.Unusable(ids.get(40), Fault.MISSING));
  }

  @Test
  void everyAlteredCharacterMakesItUnusable() throws Exception {
    String id = store().getFirst();
    Row row = table.remove(id);
    for (int i = 0; i < row.body().length(); i++) {
      String altered =
          row.body().substring(0, i)
              + (char) (row.body().charAt(i) ^ 1)
              + row.body().substring(i + 1);
      table.plant(new Row(row.stream(), id, altered, 1));
      assertThat(snapshots.load(List.of(id))).isEqualTo(new LoadResult.Unusable(id, Fault.ALTERED));
    }
    table.plant(row);
    assertThat(snapshots.load(List.of(id))).isInstanceOf(LoadResult.Loaded.class);
  }

  @Test
  void anotherChainsChunkIsUnreadableThoughItsHashIsRight() throws Exception {
    List<String> ids = store();
    ChainIdentity other = new ChainIdentity(world.chain.bank(), 1);

    assertThat(new Snapshots(other, table, world.periods, world.random).load(ids))
        .isEqualTo(new LoadResult.Unusable(ids.getFirst(), Fault.UNREADABLE));
  }

  @Test
  void withoutThePeriodKeyItIsUnusable() throws Exception {
    List<String> ids = store();
    world.periods.lose("1");

    assertThat(snapshots.load(ids))
        .isEqualTo(new LoadResult.Unusable(ids.getFirst(), Fault.PERIOD_KEY_MISSING));
    assertThat(world.await(snapshots.store(chunks))).isInstanceOf(StoreResult.NotStored.class);
  }

  @Test
  void aLaterFormatIsUnusable() throws Exception {
    String body = "2.something new";
    String id = Bytes.sha256(Bytes.utf8(body)).toBase64Url();
    table.plant(new Row("p00", id, body, 1));

    assertThat(snapshots.load(List.of(id)))
        .isEqualTo(new LoadResult.Unusable(id, Fault.UNKNOWN_FORMAT_VERSION));
  }

  @Test
  void unknownOutcomesAreTriedAgainAndBounded() throws Exception {
    table.next(Fate.UNKNOWN_AND_THERE, Fate.UNKNOWN_AND_NOT_THERE, Fate.FAILS);
    assertThat(snapshots.load(store())).isEqualTo(new LoadResult.Loaded(chunks));

    table.fromNowOn(Fate.FAILS);
    assertThat(world.await(snapshots.store(chunks)))
        .isEqualTo(new StoreResult.NotStored("failed: planted"));
  }

  @Test
  void chunksAreBounded() {
    Bytes tooLarge = Bytes.of(new byte[Snapshots.MAX_CHUNK_BYTES + 1]);
    assertThatThrownBy(() -> snapshots.store(List.of(tooLarge)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> snapshots.store(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
