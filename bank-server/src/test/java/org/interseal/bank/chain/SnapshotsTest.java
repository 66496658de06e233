package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.interseal.bank.chain.PlantedTable.Fate;
import org.interseal.bank.chain.Snapshots.Fault;
import org.interseal.bank.chain.Snapshots.LoadResult;
import org.interseal.bank.chain.Snapshots.StoreResult;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
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

  private StoreResult stored(List<Bytes> of) throws Exception {
    return world.await(snapshots.store(of.iterator(), task -> world.time.after(1, task)));
  }

  /** What is loaded, all of it. */
  private List<Bytes> loaded(List<String> ids) throws Exception {
    List<Bytes> all = new ArrayList<>();
    assertThat(snapshots.load(ids, all::add)).isEqualTo(new LoadResult.Loaded());
    return all;
  }

  private LoadResult result(List<String> ids) throws Exception {
    return snapshots.load(ids, _ -> {});
  }

  private List<String> store() throws Exception {
    StoreResult result = stored(chunks);
    assertThat(result).isInstanceOf(StoreResult.Stored.class);
    return ((StoreResult.Stored) result).chunkIds();
  }

  @Test
  void whatWasStoredIsLoadedInOrder() throws Exception {
    List<String> ids = store();

    assertThat(ids).hasSize(70).doesNotHaveDuplicates();
    assertThat(loaded(ids)).isEqualTo(chunks);
    assertThat(loaded(List.of(ids.get(5)))).containsExactly(chunks.get(5));
    assertThat(table.rows()).noneMatch(row -> row.body().contains(chunks.getFirst().toBase64Url()));
  }

  @Test
  void manyChunksAreNamedByFewIds() throws Exception {
    List<Bytes> many = chunks(10_000);
    List<String> ids = ((StoreResult.Stored) stored(many)).chunkIds();

    assertThat(ids).hasSize(3);
    assertThat(loaded(ids)).isEqualTo(many);

    table.remove(ids.get(1));
    assertThat(result(ids)).isEqualTo(new LoadResult.Unusable(ids.get(1), Fault.MISSING));
  }

  @Test
  void moreThanASnapshotMayHaveIsNotStored() throws Exception {
    List<Bytes> tooMany = Collections.nCopies(Snapshots.MAX_CHUNKS + 1, Bytes.utf8("chunk"));

    assertThat(stored(tooMany)).isInstanceOf(StoreResult.NotStored.class);
  }

  @Test
  void aMissingChunkMakesItUnusable() throws Exception {
    List<String> ids = store();
    table.remove(ids.get(40));

    assertThat(result(ids)).isEqualTo(new LoadResult.Unusable(ids.get(40), Fault.MISSING));
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
      assertThat(result(List.of(id))).isEqualTo(new LoadResult.Unusable(id, Fault.ALTERED));
    }
    table.plant(row);
    assertThat(result(List.of(id))).isInstanceOf(LoadResult.Loaded.class);
  }

  @Test
  void anotherChainsChunkIsUnreadableThoughItsHashIsRight() throws Exception {
    List<String> ids = store();
    ChainIdentity other = new ChainIdentity(world.chain.bank(), 1);

    assertThat(new Snapshots(other, table, world.periods, world.random).load(ids, _ -> {}))
        .isEqualTo(new LoadResult.Unusable(ids.getFirst(), Fault.UNREADABLE));
  }

  @Test
  void withoutThePeriodKeyItIsUnusable() throws Exception {
    List<String> ids = store();
    world.periods.lose("1");

    assertThat(result(ids))
        .isEqualTo(new LoadResult.Unusable(ids.getFirst(), Fault.PERIOD_KEY_MISSING));
    assertThat(stored(chunks)).isInstanceOf(StoreResult.NotStored.class);
  }

  @Test
  void aLaterFormatIsUnusable() throws Exception {
    String body = "2.something new";
    String id = Bytes.sha256(Bytes.utf8(body)).toBase64Url();
    table.plant(new Row("p00", id, body, 1));

    assertThat(result(List.of(id)))
        .isEqualTo(new LoadResult.Unusable(id, Fault.UNKNOWN_FORMAT_VERSION));
  }

  @Test
  void unknownOutcomesAreTriedAgainAndBounded() throws Exception {
    table.next(Fate.UNKNOWN_AND_THERE, Fate.UNKNOWN_AND_NOT_THERE, Fate.FAILS);
    assertThat(loaded(store())).isEqualTo(chunks);

    table.fromNowOn(Fate.FAILS);
    assertThat(stored(chunks)).isEqualTo(new StoreResult.NotStored("failed: planted"));
  }

  @Test
  void chunksAreBounded() {
    Bytes tooLarge = Bytes.of(new byte[Snapshots.MAX_CHUNK_BYTES + 1]);
    assertThatThrownBy(() -> stored(List.of(tooLarge)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stored(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyAPageOfChunksIsAskedForBeforeItIsStored() throws Exception {
    List<Bytes> asked = new ArrayList<>();
    Iterator<Bytes> source = chunks.stream().peek(asked::add).iterator();
    var storing = snapshots.store(source, task -> world.time.after(1, task));
    assertThat(asked.size()).isLessThan(20);
    assertThat(world.await(storing)).isInstanceOf(StoreResult.Stored.class);
    assertThat(asked).isEqualTo(chunks);
  }

  @Test
  void aSinkThatHasNoUseForAChunkIsHandedNoMore() throws Exception {
    List<String> ids = store();
    List<Bytes> taken = new ArrayList<>();
    assertThatThrownBy(() ->
            snapshots.load(
                ids,
                chunk -> {
                  taken.add(chunk);
                  throw new MalformedMessage("planted");
                }))
        .isInstanceOf(MalformedMessage.class);
    assertThat(taken).hasSize(1);
  }

  private String planted(String chunk) throws Exception {
    return ((StoreResult.Stored) stored(List.of(Bytes.utf8(chunk)))).chunkIds().getFirst();
  }

  private void assertMakesNoSense(List<String> ids) {
    assertThatThrownBy(() -> result(ids)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void listsOfAMadWriterAreRefused() throws Exception {
    List<String> ids = store();
    String header = "interseal-snapshot-list 1\n";
    String list = planted(header + String.join("\n", ids));
    assertThat(loaded(List.of(list))).isEqualTo(chunks);

    assertMakesNoSense(List.of(ids.getFirst(), ids.getFirst()));
    assertMakesNoSense(List.of(list, ids.getFirst()));
    assertMakesNoSense(List.of(ids.getFirst(), list));
    assertMakesNoSense(List.of(planted(header), ids.getFirst()));
    assertMakesNoSense(List.of(planted(header + ids.getFirst() + "\n" + ids.getFirst())));
    assertMakesNoSense(List.of(list, planted(header + ids.getFirst())));
    assertMakesNoSense(List.of(planted(header + "no hash")));
    assertMakesNoSense(List.of(planted(header + "\n\n\n")));
    assertThat(loaded(List.of(planted(header)))).isEmpty();
  }
}
