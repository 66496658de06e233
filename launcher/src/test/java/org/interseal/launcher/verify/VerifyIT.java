package org.interseal.launcher.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.interseal.federation.Printed;
import org.interseal.identity.BankId;
import org.interseal.launcher.Interseal;
import org.interseal.launcher.federation.ClosedFederation;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.launcher.load.LoadCommand;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.sqlite.EditedFile;
import org.interseal.store.sqlite.SqliteStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;

/** What two real banks left behind, as it is and tampered with. */
class VerifyIT {
  private static final String A = "BKAAXX00";
  private static final String B = "BKABXX00";
  private static final int JUNK_ROWS = 20;
  private static final String KEPT = "kept: ";
  private static @Nullable Path kept;

  @TempDir Path scratch = Path.of("");

  private record Outcome(int code, VerifyReport report, String printed) {
    BadPlace first() {
      return report.badPlaces().getFirst();
    }
  }

  @BeforeAll
  static void payBetweenTwoBanks() {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new LoadCommand())
            .setOut(new PrintWriter(out))
            .execute(
                "--payments",
                "40",
                "--warm-up",
                "0",
                "--customers",
                "3",
                "--at-once",
                "4",
                "--keep");
    assertThat(code).as(out.toString()).isZero();
    String line = out.toString().lines().filter(l -> l.startsWith(KEPT)).findFirst().orElseThrow();
    kept = Path.of(line.substring(KEPT.length()));
  }

  @AfterAll
  static void forget() throws IOException {
    FileSystemUtils.deleteRecursively(kept); // Nothing, when nothing was begun.
  }

  private FederationDirectory copy() throws IOException {
    Path source = Objects.requireNonNull(kept).resolve("federation");
    Path target = scratch.resolve("copy");
    FileSystemUtils.copyRecursively(source, target);
    return new FederationDirectory(target);
  }

  private String bank(FederationDirectory directory, int code, String command, String... args) {
    List<String> all = new ArrayList<>(List.of("bank", command));
    all.addAll(List.of(args));
    if (!command.equals("operator")) {
      all.addAll(List.of("--data", directory.root().toString(), "--bank", A));
    }
    Printed ended = Printed.by(all);
    assertThat(ended.code()).as(all + ": " + ended.text()).isEqualTo(code);
    return ended.text();
  }

  @Test
  void twoOperatorsLetAServerJoinAndOneEvictsItAgain() throws Exception {
    FederationDirectory copy = copy();
    String alice = scratch.resolve("alice").toString();
    String bob = scratch.resolve("bob").toString();
    String[] asAlice = {"server-2", "--operator", "alice", "--operator-keys", alice};
    String[] asBob = {"server-2", "--operator", "bob", "--operator-keys", bob};
    assertThat(bank(copy, 1, "evict", "server", "--operator", "alice", "--operator-keys", alice))
        .contains("no operator's vault");
    bank(copy, 0, "operator", "alice", "--operator-keys", alice);
    bank(copy, 0, "operator", "bob", "--operator-keys", bob);
    bank(copy, 0, "register", alice + "/alice.pub", bob + "/bob.pub");

    bank(copy, 0, "enrol", asAlice);
    assertThat(bank(copy, 1, "approve", asAlice)).contains("a second operator");
    assertThat(bank(copy, 0, "approve", asBob)).contains("challenge");
    bank(copy, 0, "enrol", asAlice);
    assertThat(bank(copy, 0, "approve", asBob)).contains("is certified");
    assertThat(bank(copy, 0, "list")).contains("server:" + A + ":server-2").contains("in force");

    assertThat(bank(copy, 0, "evict", asAlice)).contains("is evicted").contains("epoch is 2");
    assertThat(bank(copy, 0, "list")).contains("revoked");
    assertThat(bank(copy, 0, "rotate", "--operator", "bob", "--operator-keys", bob))
        .contains("epoch is 3");
    assertThat(bank(copy, 0, "journal").lines())
        .extracting(line -> line.replaceAll("^\\d+ +\\S+ +", ""))
        .containsExactly(
            "bob  approve  server:" + A + ":server-2",
            "bob  admitted  server:" + A + ":server-2",
            "alice  evict  server:" + A + ":server-2",
            "alice  evicted  server:" + A + ":server-2",
            "bob  rotate  " + A,
            "bob  rotated  " + A);
    assertThat(verify(copy).code()).isZero();
  }

  private Outcome verify(FederationDirectory directory) throws Exception {
    Path report = scratch.resolve("report.json");
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new VerifyCommand())
            .setOut(new PrintWriter(out))
            .execute("--data", directory.root().toString(), "--report", report.toString());
    return new Outcome(
        code, ProtocolJson.decode(Files.readString(report), VerifyReport.class), out.toString());
  }

  private Path database(FederationDirectory directory, String bank) {
    return directory.bankDatabase(new BankId(bank));
  }

  /** Changes one character of the text at {@code place}, counted from 1. */
  private static String altered(String column, int place) {
    return "%1$s = substr(%1$s, 1, %2$d) || CASE substr(%1$s, %3$d, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(%1$s, %4$d)"
        .formatted(column, place - 1, place, place + 1);
  }

  private static VerifyReport.Chain chain(Outcome outcome, String bank) {
    return outcome.report().chains().stream()
        .filter(c -> c.bank().equals(bank))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void findsWhatTwoBanksLeftBehindSound() throws Exception {
    Outcome outcome = verify(copy());

    assertThat(outcome.code()).as(outcome.printed()).isZero();
    assertThat(outcome.report().sound()).isTrue();
    assertThat(outcome.report().chains())
        .extracting(VerifyReport.Chain::bank)
        .containsExactly(A, B);
    assertThat(outcome.report().chains())
        .allSatisfy(chain -> assertThat(chain.accounts()).isEqualTo(3));
    assertThat(outcome.printed()).contains(A + " partition 0: height ");
  }

  @Test
  void refusesToLookWhileTheFederationRuns() throws Exception {
    FederationDirectory directory = copy();
    StringWriter err = new StringWriter();
    try (ClosedFederation held = ClosedFederation.hold(directory, new StoreChoice())) {
      int code =
          new CommandLine(new VerifyCommand())
              .setErr(new PrintWriter(err))
              .execute("--data", held.directory().root().toString());
      assertThat(code).isEqualTo(1);
    }
    assertThat(err.toString()).contains("a federation is running");
  }

  @Test
  void refusesAStoreThatIsNotTheDatas() throws Exception {
    FederationDirectory directory = copy();
    StringWriter err = new StringWriter();
    CommandLine command = Interseal.commandLine();
    command.setErr(new PrintWriter(err));

    int code =
        command.execute("verify", "--data", directory.root().toString(), "--store", "rethinkdb");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("keeps its rows in the embedded store");
  }

  @ParameterizedTest
  @CsvSource({"1,60", "2,200", "3,40", "4,900"})
  void namesTheBlockInWhichOneByteWasChanged(int height, int place) throws Exception {
    FederationDirectory directory = copy();
    EditedFile.change(
        database(directory, A),
        "UPDATE blocks SET " + altered("body", place) + " WHERE id LIKE ?",
        "p00.%012d.%%".formatted(height));

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first().bank()).isEqualTo(A);
    assertThat(outcome.first().height()).isEqualTo(height);
    assertThat(outcome.first().reason()).isEqualTo("BROKEN_BLOCK");
    assertThat(outcome.printed())
        .contains("First bad place: " + A + ", partition 0, height " + height);
  }

  @Test
  void namesABlockThatWasDropped() throws Exception {
    FederationDirectory directory = copy();
    EditedFile.change(
        database(directory, B), "DELETE FROM blocks WHERE id LIKE ?", "p00.000000000003.%");

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first().reason()).isEqualTo("MISSING_BLOCK");
    assertThat(outcome.first().height()).isEqualTo(3);
  }

  @Test
  void namesAHeadOfWhichAnotherBankKnowsWhenTheEndWasCutOffBehindIt() throws Exception {
    FederationDirectory directory = copy();
    EditedFile.change(
        database(directory, A), "DELETE FROM blocks WHERE id >= ?", "p00.000000000004.00");
    // The bank's own server must not be the one who tells.
    Files.delete(directory.bank(new BankId(A)).resolve("server-1").resolve(A + ".p00.head"));

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first().bank()).isEqualTo(A);
    assertThat(outcome.first().reason()).isEqualTo("PEER_HEAD_CONTRADICTED");
    assertThat(outcome.first().height()).isGreaterThan(3);
  }

  @Test
  void namesAHeadThatTheBanksOwnServerRemembers() throws Exception {
    long height = chain(verify(copyAndForget()), A).height();
    FederationDirectory directory = copy();
    EditedFile.change(
        database(directory, A),
        "DELETE FROM blocks WHERE id >= ?",
        "p00.%012d.00".formatted(height));

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.report().badPlaces())
        .filteredOn(place -> place.reason().equals("REMEMBERED_HEAD_CONTRADICTED"))
        .extracting(BadPlace::height)
        .containsExactly(height);
  }

  private FederationDirectory copyAndForget() throws IOException {
    FederationDirectory directory = copy();
    FederationDirectory aside = new FederationDirectory(scratch.resolve("aside"));
    Files.move(directory.root(), aside.root());
    return aside;
  }

  /** Twenty rows in each shared table, as every member can leave them. */
  private static void plantJunk(FederationDirectory directory) throws Exception {
    try (Store store = SqliteStore.openShared(directory.sharedDatabase(), InstantSource.system())) {
      for (TableName table : List.of(TableName.TRANSACTIONS, TableName.BANK_KEYS)) {
        List<NewRow> junk = new ArrayList<>();
        for (int i = 0; i < JUNK_ROWS; i++) {
          String stream = List.of(A, B, "authority", "nobody").get(i % 4);
          junk.add(new NewRow(stream, "0-junk-" + i, "junk number " + i));
        }
        assertThat(store.append(table).insert(junk).get(20, TimeUnit.SECONDS))
            .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(InsertOutcome.Inserted.class));
      }
    }
  }

  private static String oldest(FederationDirectory directory, String table) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.sharedDatabase());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT id FROM " + table + " ORDER BY timestamp, id LIMIT 1")) {
      return found.getString(1);
    }
  }

  @Test
  void takesJunkThatAnyMemberMayLeaveForANoteAndForNoFinding() throws Exception {
    FederationDirectory directory = copy();
    plantJunk(directory);

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).as(outcome.printed()).isZero();
    assertThat(outcome.report().badPlaces()).isEmpty();
    assertThat(outcome.report().notes())
        .containsExactlyInAnyOrder(
            new VerifyReport.Note("transactions", "MISNAMED", JUNK_ROWS),
            new VerifyReport.Note("bank_keys", "MISNAMED", JUNK_ROWS));
    assertThat(outcome.printed()).contains("note: 20 rows of transactions MISNAMED");
  }

  @ParameterizedTest
  @CsvSource({"transactions,message,300,ROW_ALTERED", "bank_keys,body,300,RECORD_MISSING"})
  void namesASharedRowThatWasReliedOnAndChangedAmongAnyJunk(
      String table, String column, int place, String reason) throws Exception {
    FederationDirectory directory = copy();
    // The first message of all opened an account; the first record made a bank.
    String id = oldest(directory, table);
    plantJunk(directory);
    EditedFile.change(
        directory.sharedDatabase(),
        "UPDATE " + table + " SET " + altered(column, place) + " WHERE id = ?",
        id);

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.report().badPlaces())
        .extracting(BadPlace::reason)
        .contains(reason, "ROW_ALTERED");
    assertThat(outcome.report().badPlaces())
        .anySatisfy(bad -> {
          assertThat(bad.reason()).isEqualTo("ROW_ALTERED");
          assertThat(bad.detail()).startsWith(table + " " + id);
        });
  }

  @Test
  void namesTheBlockWhoseMessageWasDropped() throws Exception {
    FederationDirectory directory = copy();
    String id = oldest(directory, "transactions");
    EditedFile.change(directory.sharedDatabase(), "DELETE FROM transactions WHERE id = ?", id);

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first().reason()).isEqualTo("MESSAGE_MISSING");
    assertThat(outcome.first().height()).isPositive();
    assertThat(outcome.first().detail()).contains(id);
  }

  @Test
  void namesARecordThatABlockReliedOnAndThatWasDropped() throws Exception {
    FederationDirectory directory = copy();
    // The last record is a node's certificate: no chain needs it to be read.
    EditedFile.change(
        directory.sharedDatabase(),
        "DELETE FROM bank_keys WHERE id = (SELECT id FROM bank_keys ORDER BY timestamp DESC LIMIT 1)");

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first().reason()).isEqualTo("RECORD_MISSING");
    assertThat(outcome.first().height()).isPositive();
  }

  @Test
  void namesAStatementOfTheAuthorityThatTheStoreDoesNotShow() throws Exception {
    FederationDirectory directory = copy();
    long lines;
    try (Stream<String> all = Files.lines(directory.authorityJournal())) {
      lines = all.count();
    }
    Files.writeString(
        directory.authorityJournal(),
        "{\"event\":{\"type\":\"licence-changed\",\"row\":{\"stream\":\"authority\",\"body\":\"dropped\"}}}\n",
        StandardOpenOption.APPEND);

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first().reason()).isEqualTo("RECORD_MISSING");
    assertThat(outcome.first().detail())
        .contains("line " + (lines + 1) + " of the authority's journal");
  }

  @ParameterizedTest
  @CsvSource({"bank-BKAAXX00.db,devices,body,150", "bank-BKAAXX00.db,wrapped_keys,body,150"})
  void namesARowThatWasChangedBesideTheChains(
      String database, String table, String column, int place) throws Exception {
    FederationDirectory directory = copy();
    EditedFile.change(
        directory.store().resolve(database),
        "UPDATE %1$s SET %2$s WHERE id = (SELECT min(id) FROM %1$s)"
            .formatted(table, altered(column, place)));

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.report().badPlaces())
        .anySatisfy(bad -> {
          assertThat(bad.reason()).isEqualTo("ROW_ALTERED");
          assertThat(bad.detail()).startsWith(table);
        });
  }

  @Test
  void namesABankWhoseBooksAreGone() throws Exception {
    FederationDirectory directory = copy();
    Files.delete(database(directory, B));

    Outcome outcome = verify(directory);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.first())
        .isEqualTo(new BadPlace(B, 0, 0, "DATABASE_MISSING", "bank-" + B + ".db"));
  }
}
