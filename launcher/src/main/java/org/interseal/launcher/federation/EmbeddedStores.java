package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.store.Store;
import org.interseal.store.sqlite.SqliteStore;

/** Files in the data directory. */
record EmbeddedStores(FederationDirectory directory, InstantSource clock)
    implements FederationStores {
  @Override
  public void prepareShared() throws IOException {
    Files.createDirectories(directory.store());
  }

  @Override
  public void prepareBank(BankId bank, List<Party> nodes) {
    // Opening the file makes it.
  }

  @Override
  public Store openShared() {
    return SqliteStore.openShared(directory.sharedDatabase(), clock);
  }

  @Override
  public Store openBank(BankId bank) {
    return SqliteStore.openBank(directory.bankDatabase(bank), clock);
  }

  @Override
  public List<String> settings() {
    return List.of("--interseal.store.directory=" + directory.store());
  }

  @Override
  public List<String> settings(Party node) {
    return settings();
  }

  @Override
  public Optional<Path> sharedFile() {
    return Optional.of(directory.sharedDatabase());
  }

  @Override
  public Optional<Path> bankFile(BankId bank) {
    return Optional.of(directory.bankDatabase(bank));
  }

  @Override
  public ClosedLedgerRows closedRows(BankId bank) {
    return ClosedLedgerRows.inFile(directory.bankDatabase(bank));
  }

  @Override
  public ScratchTable openScratch() throws IOException {
    return EmbeddedScratchTable.make(directory.store().resolve("scratch"), clock);
  }

  @Override
  public void drop(List<BankId> banks) {
    // All of it is in the data directory.
  }

  @Override
  public Map<String, Long> countRows(List<BankId> banks) throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    List<Path> databases;
    try (Stream<Path> files = Files.list(directory.store())) {
      databases = files.filter(file -> file.toString().endsWith(".db")).toList();
    }
    for (Path database : databases) {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
        for (String table : tables(connection)) {
          rows.merge(table, count(connection, table), Math::addExact);
        }
      } catch (SQLException e) {
        throw new IOException("cannot count the rows of " + database, e);
      }
    }
    return rows;
  }

  @Override
  public String revokeUser(Party node) {
    return "the embedded store has no users: who can open its files is not kept out of them";
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                    + " AND name <> 'store_clock'")) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    }
    return names;
  }

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT count(*) FROM " + table)) {
      return found.next() ? found.getLong(1) : 0;
    }
  }
}
