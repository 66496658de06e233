package org.interseal.launcher.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.BankId;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * What can be said of a database before anything in it is understood: the file, and in a bank's own
 * the ids that name their content.
 */
final class DatabaseCheck {
  /** Most rows of one table that are named; whose first one is named hides no other table's. */
  static final int MAX_SHOWN = 10;

  private static final int PAGE = 256;

  private DatabaseCheck() {}

  /** What SQLite finds wrong with the file; empty when nothing is. */
  static Optional<BadPlace> file(String bank, Path file) {
    if (!Files.exists(file)) {
      return Optional.of(
          BadPlace.inDatabase(bank, "DATABASE_MISSING", file.getFileName().toString()));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA integrity_check(1)")) {
      String verdict = result.next() ? result.getString(1) : "no verdict";
      return "ok".equals(verdict) ? Optional.empty() : Optional.of(damaged(bank, file, verdict));
    } catch (SQLException e) {
      return Optional.of(damaged(bank, file, String.valueOf(e.getMessage())));
    }
  }

  private static BadPlace damaged(String bank, Path file, String verdict) {
    return BadPlace.inDatabase(
        bank,
        "DATABASE_DAMAGED",
        file.getFileName() + ": " + verdict.lines().findFirst().orElse(""));
  }

  /** Snapshot chunks whose id does not name their content. */
  static List<BadPlace> snapshots(BankId bank, Store own) throws StoreUnavailable {
    return unproved(
        bank.value(),
        TableName.SNAPSHOTS,
        own,
        row -> Bytes.sha256(Bytes.utf8(row.body())).toBase64Url().equals(row.id()));
  }

  /** Registrations of devices that no server of the bank has signed. */
  static List<BadPlace> devices(BankId bank, Store own, BankDirectory directory)
      throws StoreUnavailable {
    return unproved(
        bank.value(),
        TableName.DEVICES,
        own,
        row ->
            registration(row.body(), bank, directory)
                // A second copy, or one that another server signed again, has a suffix.
                .filter(r -> row.id().equals(r.rowId()) || row.id().startsWith(r.rowId() + "."))
                .isPresent());
  }

  private static Optional<DeviceRegistration> registration(
      String body, BankId bank, BankDirectory directory) {
    try {
      Optional<CertifiedParty> server =
          directory.everCertified(bank, PartyRole.SERVER, SignedStatement.claimedKey(body));
      return server.isEmpty()
          ? Optional.empty()
          : Optional.of(
              ProtocolJson.decode(
                  SignedStatement.verify(
                      body, DeviceRegistration.STATEMENT_TYPE, server.get().key()),
                  DeviceRegistration.class));
    } catch (CryptoFailure | MalformedMessage e) {
      return Optional.empty();
    }
  }

  private static List<BadPlace> unproved(
      String bank, TableName name, Store store, Predicate<Row> proof) throws StoreUnavailable {
    List<BadPlace> bad = new ArrayList<>();
    eachRow(
        store.append(name),
        row -> {
          if (bad.size() < MAX_SHOWN && !proof.test(row)) {
            bad.add(BadPlace.rowAltered(bank, name, row.id()));
          }
        });
    return bad;
  }

  /** Every row of a table, in order of ids. */
  static void eachRow(AppendTable table, Consumer<Row> consumer) throws StoreUnavailable {
    String from = "";
    for (List<Row> page = table.readById("", from, PAGE);
        !page.isEmpty();
        page = table.readById("", from, PAGE)) {
      page.forEach(consumer);
      // The next id in order: '-' is the lowest character that an id may have.
      from = page.getLast().id() + "-";
    }
  }
}
