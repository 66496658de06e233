package org.interseal.launcher.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.verify.ArchiveWriter;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.store.AppendTable;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.ClosedRows;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivedRowsTest {
  private static final BankId BANK = new BankId("BKAAXX00");
  private static final ChainIdentity CHAIN = new ChainIdentity(BANK, 0);

  /** Planted beside a block later. */
  private static final String BESIDE = new ChainPlace(0, 1, 7).rowId();

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
      for (String id : List.of(place(1), BESIDE, JUNK, place(2), place(3), place(4))) {
        var _ = blocks.insert(List.of(new NewRow("p00", id, "body"))).join();
      }
      List<ArchivedRows.Range> ranges =
          new ArchivedRows(row ->
              row.id().equals(BESIDE) ? ArchivedRows.Held.BESIDE : ArchivedRows.Held.ARCHIVED)
              .of(blocks, "p00.", place(4));
      for (ArchivedRows.Range range : ranges) {
        new ClosedRows(file).dropBlocks(range.from(), range.before());
      }

      assertThat(blocks.readById("p00.", "", 10))
          .extracting(row -> row.id())
          .containsExactly(BESIDE, JUNK, place(4));
      assertThatThrownBy(
              () -> new ArchivedRows(_ -> ArchivedRows.Held.MISSING).of(blocks, "p00.", place(5)))
          .hasMessageContaining(BESIDE);
    }
  }

  private LedgerArchive archive(int first, int last) throws Exception {
    Path file = home.resolve(first + "-" + last);
    try (ArchiveWriter writer =
        ArchiveWriter.begin(
            file,
            new LedgerArchive.Header(
                LedgerArchive.VERSION,
                BANK,
                0,
                first,
                last,
                "2",
                place(last + 1),
                Bytes.sha256(Bytes.utf8("closing"))))) {
      for (int height = first; height <= last; height++) {
        writer.addBlock(new Row("p00", place(height), "body", 1));
      }
      writer.finish();
    }
    return LedgerArchive.open(file);
  }

  private ArchivedRows.Kept kept(String name, List<String> ids, LedgerArchive... archives)
      throws Exception {
    try (Store store = SqliteStore.openBank(home.resolve(name), InstantSource.system())) {
      AppendTable blocks = store.append(TableName.BLOCKS);
      for (String id : ids) {
        var _ = blocks.insert(List.of(new NewRow("p00", id, "body"))).join();
      }
      return new ArchivedRows(ArchivedRows.of(CHAIN, List.of(archives)))
          .kept(blocks, "p00.", place(5));
    }
  }

  @Test
  void countAsStillThereOnlyWhenNoArchiveMakesThemSuperfluous() throws Exception {
    try (LedgerArchive whole = archive(1, 4);
        LedgerArchive half = archive(1, 2)) {
      List<String> dropped = List.of(BESIDE, JUNK, place(5), place(6));
      assertThat(kept("dropped", dropped, whole)).isEqualTo(ArchivedRows.Kept.NOTHING);
      // A drop was cut off: there is something to drop and nothing to export.
      List<String> halfDropped = List.of(place(1), place(3), place(4), place(5));
      assertThat(kept("cut off", halfDropped, whole))
          .isEqualTo(new ArchivedRows.Kept(OptionalLong.empty(), true));
      assertThat(kept("half", halfDropped, half))
          .isEqualTo(new ArchivedRows.Kept(OptionalLong.of(3), true));
      assertThat(kept("none", halfDropped))
          .isEqualTo(new ArchivedRows.Kept(OptionalLong.of(1), false));
    }
  }
}
