package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.ProcessKind.Access;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/operating/rethinkdb.md says what is granted: a right that is added shows there.
 */
class DocumentedRightsTest {
  private static final String NONE = "–";

  @Test
  void thePageNamesEveryRightOfEveryKindOfProcess() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../docs/operating/rethinkdb.md"));
    int header = lines.indexOf(header());
    assertThat(header).isNotNegative();
    List<String> rows =
        lines.subList(header + 2, lines.size()).stream()
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows).containsExactlyElementsOf(rights());
  }

  private static String header() {
    return Stream.concat(Stream.of("table"), kinds().map(kind -> "`" + userName(kind) + "`"))
        .reduce("|", (line, cell) -> line + " " + cell + " |");
  }

  private static Stream<ProcessKind> kinds() {
    return Arrays.stream(ProcessKind.values());
  }

  private static String userName(ProcessKind kind) {
    String node = kind == ProcessKind.OBSERVER ? "_<name>" : "_<node>";
    return kind.prefix() + (kind.ofBank() ? "_<bic>" : "") + (kind.named() ? node : "");
  }

  private static List<String> rights() {
    List<String> rows = new ArrayList<>();
    for (boolean shared : new boolean[] {true, false}) {
      rows.add(
          row(
              "`format`, " + (shared ? "shared" : "bank's"),
              kinds()
                  .map(kind ->
                      shared || kind.ofBank() ? Optional.of(Access.READ) : Optional.empty())));
      for (TableName table : TableName.values()) {
        if (table.shared() == shared) {
          rows.add(
              row(
                  "`" + StoreFields.tableName(table) + "`",
                  kinds().map(kind -> Optional.ofNullable(kind.tables(shared).get(table)))));
        }
      }
    }
    return rows;
  }

  private static String row(String table, Stream<Optional<Access>> cells) {
    return cells
        .map(access -> access.map(some -> some.name().toLowerCase(Locale.ROOT)).orElse(NONE))
        .reduce("| " + table + " |", (line, cell) -> line + " " + cell + " |");
  }
}
