package org.interseal.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import org.interseal.store.NewRow;
import org.interseal.store.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditedFileTest {
  private static final String DELETE = "DELETE FROM blocks WHERE id = ?";

  @TempDir Path directory = Path.of("");

  @Test
  void rowsGoAndTheTableIsInsertOnlyAsBefore() throws Exception {
    Path file = directory.resolve("bank.db");
    try (SqliteStore store = SqliteStore.openBank(file, Clock.systemUTC())) {
      var _ =
          store
              .append(TableName.BLOCKS)
              .insert(List.of(new NewRow("p00", "a", "block"), new NewRow("p00", "b", "block")))
              .join();
    }

    assertThat(EditedFile.change(file, DELETE, "a")).isOne();
    assertThatThrownBy(() -> EditedFile.change(file, DELETE, "a"))
        .isInstanceOf(AssertionError.class);

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement direct = connection.createStatement()) {
      assertThatThrownBy(() -> direct.execute("DELETE FROM blocks WHERE id = 'b'"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("insert-only");
    }
  }
}
