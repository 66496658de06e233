package org.interseal.launcher.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.ClosedRows;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivedRowsTest {
  private static final String JUNK = "p00.000000000001.x";

  @TempDir Path home = Path.of("");

  private static String place(int height) {
    return new ChainPlace(0, height, 0).rowId();
  }

  @Test
  void areDroppedWithoutWhatIsNobodysBlock() throws Exception {
    Path file = home.resolve("bank.db");
    try (Store store = SqliteStore.openBank(file, InstantSource.system())) {
      AppendTable blocks = store.append(TableName.BLOCKS);
      for (String id : List.of(place(1), JUNK, place(2), place(3), place(4))) {
        var _ = blocks.insert(List.of(new NewRow("p00", id, "body"))).join();
      }
      List<ArchivedRows.Range> ranges =
          new ArchivedRows(row -> !row.id().equals(JUNK)).of(blocks, "p00.", place(4));
      for (ArchivedRows.Range range : ranges) {
        new ClosedRows(file).dropBlocks(range.from(), range.before());
      }

      assertThat(blocks.readById("p00.", "", 10))
          .extracting(row -> row.id())
          .containsExactly(JUNK, place(4));
      assertThatThrownBy(() -> new ArchivedRows(_ -> false).of(blocks, "p00.", place(5)))
          .hasMessageContaining(place(4));
    }
  }
}
