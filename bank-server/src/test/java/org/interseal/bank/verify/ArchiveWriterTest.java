package org.interseal.bank.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.store.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as an archive, and what never is. */
class ArchiveWriterTest {
  private static final BankId BANK = new BankId("BKAAXX00");

  @TempDir Path directory = Path.of("");

  private Path file() {
    return directory.resolve("x.archive");
  }

  private static String id(long height, int attempt) {
    return new ChainPlace(0, height, attempt).rowId();
  }

  private void write(long last, String body, List<String> ids) throws IOException {
    LedgerArchive.Header header =
        new LedgerArchive.Header(
            LedgerArchive.VERSION,
            BANK,
            0,
            1,
            last,
            "2",
            id(last + 1, 0),
            Bytes.sha256(Bytes.utf8("closing")));
    try (ArchiveWriter writer = ArchiveWriter.begin(file(), header)) {
      for (String id : ids) {
        writer.addBlock(new Row("p00", id, body, 1));
      }
      writer.finish();
    }
  }

  private void assertHole(long missing, long last, List<String> ids) throws IOException {
    assertThatThrownBy(() -> write(last, "block", ids))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("block " + missing + " of BKAAXX00.p00 is neither in the store");
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void oneWithAHoleIsNotWritten() throws Exception {
    assertHole(1, 3, List.of(id(2, 0), id(3, 0)));
    assertHole(2, 3, List.of(id(1, 0), id(3, 0)));
    assertHole(3, 3, List.of(id(1, 0), id(2, 0)));
    assertHole(1, 3, List.of());
    // An attempt that cannot be the block, as none is before it.
    assertHole(2, 2, List.of(id(1, 0), id(2, 7)));
  }

  @Test
  void attemptsBesideABlockAreNoHoles() throws Exception {
    write(3, "block", List.of(id(1, 0), id(1, 7), id(2, 0), id(2, 1), id(3, 0)));
    try (LedgerArchive written = LedgerArchive.open(file())) {
      assertThat(written.rows()).isEqualTo(5);
    }
  }

  @Test
  void whatIsThereIsNotReplaced() throws Exception {
    List<String> ids = List.of(id(1, 0), id(2, 0));
    write(2, "block", ids);
    byte[] before = Files.readAllBytes(file());
    write(2, "block", ids);

    assertThatThrownBy(() -> write(2, "another", ids))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not replaced");
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(file());
    }
  }
}
