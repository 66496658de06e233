package org.interseal.launcher.period;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.interseal.identity.BankId;
import org.interseal.launcher.Interseal;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationOptions;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.store.sqlite.ClosedRows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;

/** The periods of two real banks, closed, exported and dropped by the operator's commands. */
@Tag("slow")
class PeriodIT {
  private static final List<BankId> BANKS = List.of(new BankId("BKAAXX00"), new BankId("BKABXX00"));
  private static final int PORT_BASE = 27_600;
  private static final int MAX_LOOKS = 600;
  private static final String KEPT = "kept: ";
  private static final List<Path> KEPT_DIRECTORIES = new ArrayList<>();

  @TempDir Path scratch = Path.of("");

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Interseal.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = command.execute(args);
    return new Outcome(code, out.toString(), err.toString());
  }

  private static String done(String... args) {
    Outcome outcome = run(args);
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    return outcome.out();
  }

  @AfterAll
  static void forget() throws IOException {
    for (Path kept : KEPT_DIRECTORIES) {
      FileSystemUtils.deleteRecursively(kept);
    }
  }

  private static FederationDirectory paid() {
    String out =
        done(
            "load",
            "--payments",
            "30",
            "--warm-up",
            "0",
            "--customers",
            "3",
            "--at-once",
            "4",
            "--keep");
    String line = out.lines().filter(l -> l.startsWith(KEPT)).findFirst().orElseThrow();
    Path kept = Path.of(line.substring(KEPT.length()));
    KEPT_DIRECTORIES.add(kept);
    return new FederationDirectory(kept.resolve("federation"));
  }

  private static LocalFederation start(FederationDirectory directory) throws Exception {
    return LocalFederation.start(
        directory,
        BANKS,
        new FederationOptions(
            false,
            false,
            PORT_BASE,
            Optional.empty(),
            FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS),
        InstantSource.system(),
        _ -> {});
  }

  private static long count(FederationDirectory directory, BankId bank, String from)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.bankDatabase(bank));
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT count(*) FROM " + from)) {
      return found.getLong(1);
    }
  }

  private static void close(FederationDirectory directory) throws Exception {
    try (LocalFederation running = start(directory)) {
      assertThat(running.banks()).hasSize(2);
      assertThat(done("period", "close", "--data", directory.root().toString()))
          .contains("BKAAXX00: period 2 has begun");
      for (BankId bank : BANKS) {
        int looks = 0;
        while (count(directory, bank, "snapshots WHERE stream = 'p00.openings'") == 0) {
          assertThat(looks++).as("looks for the opening of " + bank).isLessThan(MAX_LOOKS);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
    }
  }

  private List<String> exported(String data, String to) {
    return done("period", "export", "--data", data, "--to", scratch.resolve(to).toString())
        .lines()
        .map(line -> line.substring(line.indexOf(": ") + 2))
        .toList();
  }

  private static String name(String file) {
    return String.valueOf(Path.of(file).getFileName());
  }

  /** Verify passes over it: a void row beside a block is nobody's. */
  private static void plantFalseClosing(FederationDirectory directory) throws Exception {
    BankId bank = BANKS.getFirst();
    FalseClosing.plant(directory, bank, count(directory, bank, "blocks"));
  }

  private static List<String> chains(String verified) {
    return verified.lines().filter(line -> line.contains(" partition ")).toList();
  }

  private static Path server(FederationDirectory directory, BankId bank) {
    return directory.node(bank, "server-1");
  }

  @Test
  void whatIsClosedExportedAndDroppedIsVerifiedAsBeforeFromTheArchives() throws Exception {
    FederationDirectory directory = paid();
    String data = directory.root().toString();
    String usb = scratch.resolve("usb").toString();
    done("period", "recovery-key", "--data", data, "--to", usb);
    close(directory);

    List<String> truly = exported(data, "truly");
    plantFalseClosing(directory);
    String before = done("verify", "--data", data);
    List<String> archives = exported(data, "a");
    assertThat(archives)
        .extracting(PeriodIT::name)
        .isEqualTo(truly.stream().map(PeriodIT::name).toList());
    assertThat(archives).hasSize(2);
    String all = String.join(",", archives);

    // Nobody forgets the key of what is in the store.
    assertThat(run("period", "retire", "--data", data).err())
        .contains("no key is retired: the store still has what is closed of BKAAXX00.p00");
    assertThat(done("period", "list", "--data", data, "--archive", all))
        .contains("BKAAXX00.p00 period 1: closed, key in the founding vault and at servers")
        .contains("BKAAXX00.p00 period 2: open, key in the founding vault and at servers")
        .contains("in the store, and archived; in archives up to block ");

    // What is in no archive, or in a damaged one, stays.
    assertThat(run("period", "drop", "--data", data, "--archive", archives.getFirst()).err())
        .contains("no archive has row");
    assertThat(damaged(archives, data, "period", "drop").err()).contains("ARCHIVE_DAMAGED");

    assertThat(run("period", "retire", "--data", data).err())
        .contains("the store still has what is closed of BKAAXX00.p00");
    aDropThatWasCutOffIsFinishedByDroppingAlone(directory, archives, all);
    assertThat(done("period", "drop", "--data", data, "--archive", all))
        .contains("BKAAXX00.p00: dropped blocks up to ");
    assertThat(count(directory, BANKS.getFirst(), "blocks WHERE id < 'p00.000000000002'")).isZero();
    // Rows are as insert-only as before, and what was finished is finished.
    assertThat(
            count(
                directory,
                BANKS.getFirst(),
                "sqlite_master WHERE type = 'trigger' AND name IN ('blocks_no_delete',"
                    + " 'snapshots_no_delete')"))
        .isEqualTo(2);
    assertThat(done("period", "drop", "--data", data, "--archive", all)).contains("(0 rows)");

    assertThat(chains(done("verify", "--data", data, "--archive", all))).isEqualTo(chains(before));
    assertThat(run("verify", "--data", data).out()).contains("MISSING_BLOCK");
    assertThat(run("verify", "--data", data, "--archive", archives.getLast()).out())
        .contains("First bad place: BKAAXX00");
    assertThat(damaged(archives, data, "verify").out()).contains("ARCHIVE_DAMAGED");

    theRecoveryKeyAloneReadsIt(directory, usb, all, before);
    assertThat(done("period", "retire", "--data", data, "--archive", all))
        .contains("BKAAXX00: servers forget the keys of periods up to 1");
    assertThat(run("period", "export", "--data", data, "--to", data).err())
        .contains("what of BKAAXX00.p00 is closed cannot be told from the chain", "MISSING_BLOCK");
    assertThat(done("period", "list", "--data", data))
        .contains("BKAAXX00.p00 period 1: begun, key in the founding vault, retired at servers")
        .contains("BKAAXX00.p00: what is closed cannot be told: BKAAXX00, partition 0");
    assertThat(done("period", "list", "--data", data, "--archive", all))
        .contains("BKAAXX00.p00 period 1: closed and dropped, key in the founding vault, retired")
        .contains("none of that is in the store; in archives up to block ");
    assertThat(done("period", "export", "--data", data, "--to", data, "--archive", all))
        .contains("BKAAXX00: nothing is closed that is not exported");
    serversWithoutSnapshotsStart(directory);
    // Its servers cannot read the archives any more.
    assertThat(run("verify", "--data", data, "--archive", all).code()).isNotZero();
    String keys = scratch.resolve("keys").toString();
    done("verify", "--data", data, "--archive", all, "--period-keys", keys);
  }

  /** With a hole behind the first block, where the files are the only whole copy. */
  private static void aDropThatWasCutOffIsFinishedByDroppingAlone(
      FederationDirectory directory, List<String> archives, String all) throws IOException {
    String data = directory.root().toString();
    Path first = Path.of(archives.getFirst());
    String to = String.valueOf(first.getParent());
    byte[] before = Files.readAllBytes(first);
    new ClosedRows(directory.bankDatabase(BANKS.getFirst()))
        .dropBlocks("p00.000000000002.", "p00.000000000004.");
    assertThat(run("period", "export", "--data", data, "--to", to).err())
        .contains("what of BKAAXX00.p00 is closed cannot be told from the chain");
    assertThat(done("period", "export", "--data", data, "--to", to, "--archive", all))
        .contains("BKAAXX00: nothing is closed that is not exported");
    assertThat(run("period", "retire", "--data", data, "--archive", all).err())
        .contains("the store still has what is closed of BKAAXX00.p00: drop it");
    assertThat(Files.readAllBytes(first)).isEqualTo(before);
  }

  private void theRecoveryKeyAloneReadsIt(
      FederationDirectory directory, String usb, String all, String before) throws IOException {
    String data = directory.root().toString();
    String keys = scratch.resolve("keys").toString();
    done("period", "recover", "--data", data, "--recovery", usb, "--to", keys);
    for (BankId bank : BANKS) {
      Files.move(
          server(directory, bank).resolve("vault.p12"),
          server(directory, bank).resolve("vault.aside"));
    }
    assertThat(chains(done("verify", "--data", data, "--archive", all, "--period-keys", keys)))
        .isEqualTo(chains(before));
    for (BankId bank : BANKS) {
      Files.move(
          server(directory, bank).resolve("vault.aside"),
          server(directory, bank).resolve("vault.p12"));
    }
  }

  private static void serversWithoutSnapshotsStart(FederationDirectory directory) throws Exception {
    for (BankId bank : BANKS) {
      Files.delete(server(directory, bank).resolve(bank + ".p00.snapshot"));
    }
    try (LocalFederation running = start(directory)) {
      assertThat(running.banks()).hasSize(2);
      for (BankId bank : BANKS) {
        // Written when a server has begun from an opening.
        int looks = 0;
        while (!Files.exists(server(directory, bank).resolve(bank + ".p00.snapshot"))) {
          assertThat(looks++).as("looks for the start of " + bank).isLessThan(MAX_LOOKS);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
      }
    }
  }

  /** Runs a command with one byte of the first archive changed. */
  private Outcome damaged(List<String> archives, String data, String... command)
      throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(archives.getFirst()));
    bytes[bytes.length / 2] = (byte) (bytes[bytes.length / 2] == 'A' ? 'B' : 'A');
    Path bad = Files.write(scratch.resolve("damaged"), bytes);
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--data", data, "--archive", bad + "," + archives.getLast()));
    return run(args.toArray(String[]::new));
  }
}
