package org.interseal.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes on one file, some of which die. */
class SqliteProcessesIT {
  private static final String STREAM = "bank-a";
  private static final int MANY_BATCHES = 1_000_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Path file() {
    return directory.resolve("shared.db");
  }

  private SqliteStore open() {
    return SqliteStore.openShared(file(), Clock.systemUTC());
  }

  private static List<Row> readAll(StreamReader reader) throws Exception {
    List<Row> all = new ArrayList<>();
    for (List<Row> page = reader.poll(1_000); !page.isEmpty(); page = reader.poll(1_000)) {
      all.addAll(page);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500, 5_000})
  void whatAKilledProcessHadAcknowledgedIsThere(int linesBeforeDeath) throws Exception {
    StoreChild.Running child = StoreChild.start(file(), "child-", MANY_BATCHES, 0);
    List<String> lines = new ArrayList<>();
    while (lines.size() < linesBeforeDeath) {
      lines.add(child.next());
    }
    child.kill();
    lines.addAll(child.rest());
    assertThat(child.process().waitFor()).isEqualTo(137);
    if (!lines.getLast().matches("Inserted child-\\d+-\\d")) {
      lines.removeLast(); // cut in the middle
    }

    try (SqliteStore store = open()) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      List<Row> all = readAll(new StreamReader(store, table, STREAM, Position.START));
      Set<String> there = new HashSet<>();
      for (Row row : all) {
        there.add("Inserted " + row.id());
        assertThat(row.body()).isEqualTo(StoreChild.BODY + row.id());
      }
      assertThat(there).containsAll(lines).hasSizeGreaterThanOrEqualTo(linesBeforeDeath);
      assertThat(Persevering.insert(table, new NewRow(STREAM, "after", "life goes on")))
          .isInstanceOf(InsertOutcome.Inserted.class);
    }
  }

  @Test
  void aReaderSeesTheCommitsOfTwoWritingProcessesInOrderAndOnce() throws Exception {
    int batches = 300;
    StoreChild.Running one = StoreChild.start(file(), "one-", batches, 0);
    StoreChild.Running two = StoreChild.start(file(), "two-", batches, 0);
    CompletableFuture<List<String>> oneLines = CompletableFuture.supplyAsync(one::rest);
    CompletableFuture<List<String>> twoLines = CompletableFuture.supplyAsync(two::rest);
    List<Row> read = new ArrayList<>();
    try (SqliteStore store = open()) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      StreamReader reader = new StreamReader(store, table, STREAM, Position.START);
      int mine = 0;
      while (!oneLines.isDone() || !twoLines.isDone()) {
        Persevering.insert(table, new NewRow(STREAM, "mine-" + mine++, "body"));
        read.addAll(readAll(reader));
      }
      assertThat(oneLines.join()).endsWith("DONE");
      assertThat(twoLines.join()).endsWith("DONE");
      read.addAll(readAll(reader));
      assertThat(read).hasSize(2 * batches * 5 + mine);
    }
    assertThat(read).extracting(Row::id).doesNotHaveDuplicates();
    assertThat(read).extracting(Row::position).isSorted();
  }

  @Test
  void theCommitsOfAnotherProcessWakeFollowersHere() throws Exception {
    try (SqliteStore store = open()) {
      CountDownLatch woken = new CountDownLatch(1);
      CountDownLatch wokenForAll = new CountDownLatch(1);
      AppendTable table = store.append(TableName.TRANSACTIONS);
      try (AppendTable.Feed one = table.follow(STREAM, woken::countDown, () -> {});
          AppendTable.Feed all =
              table.followAll(
                  stream -> {
                    if (stream.equals(STREAM)) {
                      wokenForAll.countDown();
                    }
                  },
                  () -> {})) {
        assertThat(one).isNotSameAs(all);
        StoreChild.Running child = StoreChild.start(file(), "child-", 1, 0);
        assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(wokenForAll.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(child.rest()).endsWith("DONE");
      }
    }
  }

  @Test
  void whenTheDiskIsFullNothingIsAcknowledgedThatIsNotThere() throws Exception {
    StoreChild.Running child = StoreChild.start(file(), "child-", 2_000, 2_000);
    List<String> lines = child.rest();
    assertThat(lines).endsWith("DONE");
    List<String> acknowledged =
        lines.stream().filter(line -> line.startsWith("Inserted ")).toList();
    assertThat(acknowledged).isNotEmpty();
    assertThat(lines).anyMatch(line -> line.startsWith("Unknown ") || line.startsWith("Failed "));

    try (SqliteStore store = open()) {
      AppendTable table = store.append(TableName.TRANSACTIONS);
      Set<String> there = new HashSet<>();
      readAll(new StreamReader(store, table, STREAM, Position.START))
          .forEach(row -> there.add(row.id()));
      assertThat(there)
          .containsAll(
              acknowledged.stream().map(line -> line.substring("Inserted ".length())).toList());
      assertThat(lines.stream().filter(line -> line.startsWith("Failed ")))
          .noneMatch(line -> there.contains(line.substring("Failed ".length())));
    }
  }
}
