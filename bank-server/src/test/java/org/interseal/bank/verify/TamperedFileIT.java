package org.interseal.bank.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainWorld;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PlantedTable;
import org.interseal.bank.verify.Finding.Problem;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.EditedFile;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's operator edits the file; verification names the place. */
class TamperedFileIT {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final ChainWorld world = new ChainWorld(new PlantedTable());
  private final ScheduledThreadPoolExecutor threads = ChainWorld.threads();

  private Path database() {
    return directory.resolve("bank.db");
  }

  @BeforeEach
  void history() {
    try (SqliteStore store = open()) {
      ChainWorld writing = world.on(store.append(TableName.BLOCKS), threads);
      List<ChainedBlock> grown =
          writing.grow(writing.writer("s1", ChainMemory.none()), world.start(), 7);
      assertThat(grown).hasSize(8);
    }
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private SqliteStore open() {
    return SqliteStore.openBank(database(), Clock.systemUTC());
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database());
  }

  private void edit(String sql, String... values) throws SQLException {
    assertThat(EditedFile.change(database(), sql, values)).isEqualTo(1);
  }

  private VerificationReport verify() throws Exception {
    try (SqliteStore store = open()) {
      ChainWorld opened = world.on(store.append(TableName.BLOCKS), threads);
      return FederationVerifier.verify(
          List.of(
              new BankBooks(
                  opened.chain.bank(),
                  1,
                  opened.blocks,
                  opened::trust,
                  opened.periods,
                  _ -> ChainWorld.content(),
                  partition -> new ScriptedFold(opened.chain.bank()))));
    }
  }

  private void assertFirst(long height, Problem problem) throws Exception {
    assertThat(verify().first())
        .hasValueSatisfying(first -> {
          assertThat(first.height()).isEqualTo(height);
          assertThat(first.problem()).isEqualTo(problem);
        });
  }

  private static String id(long height) {
    return "p00.%012d.00".formatted(height);
  }

  /** The column of a block's document, whatever the schema calls it. */
  private String documentColumn() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM blocks LIMIT 1")) {
      return row.getMetaData().getColumnName(3);
    }
  }

  private String document(long height) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement statement =
            connection.prepareStatement("SELECT * FROM blocks WHERE id = ?")) {
      statement.setString(1, id(height));
      try (ResultSet row = statement.executeQuery()) {
        assertThat(row.next()).isTrue();
        return row.getString(3);
      }
    }
  }

  @Test
  void anUntouchedFileIsSound() throws Exception {
    assertThat(verify().findings()).isEmpty();
    assertThat(verify().chains().getFirst().height()).isEqualTo(8);
  }

  @Test
  void oneChangedByteIsNamed() throws Exception {
    String update = "UPDATE blocks SET " + documentColumn() + " = ? WHERE id = ?";
    for (long height : new long[] {1, 5, 8}) {
      String document = document(height);
      for (int at :
          new int[] {
            0, 200, document.indexOf('.') + 1, document.lastIndexOf('.') + 1, document.length() - 1
          }) {
        String changed =
            document.substring(0, at)
                + (char) (document.charAt(at) ^ 1)
                + document.substring(at + 1);
        edit(update, changed, id(height));
        assertFirst(height, Problem.BROKEN_BLOCK);
      }
      edit(update, document, id(height));
    }
    assertThat(verify().sound()).isTrue();
  }

  @Test
  void aDeletedAndAMovedRowAreNamed() throws Exception {
    edit("DELETE FROM blocks WHERE id = ?", id(4));
    assertFirst(4, Problem.MISSING_BLOCK);
    edit("UPDATE blocks SET id = ? WHERE id = ?", id(4), id(8));
    assertFirst(4, Problem.BROKEN_BLOCK);
  }
}
