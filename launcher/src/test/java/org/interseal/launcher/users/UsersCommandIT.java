package org.interseal.launcher.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.interseal.launcher.Interseal;
import org.interseal.launcher.federation.DatabaseAccess;
import org.interseal.rethinkdb.AuthenticationRefused;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.RethinkDbSchema;
import org.interseal.store.rethinkdb.RethinkDbStore;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The operator's commands for users, on a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsersCommandIT {
  private static final BankId BANK = new BankId("BKAAXX00");
  private static final RethinkDbStoreSettings SHARED = RethinkDbStoreSettings.of("interseal", true);
  private static final RethinkDbStoreSettings OWN =
      RethinkDbStoreSettings.of("bank_bkaaxx00", false);

  private final SecureRandom random = new SecureRandom();
  private RethinkDbServer server;

  @TempDir Path scratch;

  private record Outcome(int code, String out, String err) {}

  @SuppressWarnings("NullAway.Init")
  UsersCommandIT() {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = RethinkDbServer.startOrSkip(directory);
    try (ConnectionPool pool = access("admin", Optional.empty()).connect(random)) {
      RethinkDbSchema schema = new RethinkDbSchema(new RethinkDbTemplate(pool));
      schema.create(SHARED, 1);
      schema.create(OWN, 1);
    }
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private DatabaseAccess access(String user, Optional<Path> password) {
    return new DatabaseAccess(
        List.of(server.address()), user, password, Optional.empty(), Optional.empty());
  }

  private Outcome users(String... arguments) {
    List<String> all = new ArrayList<>(List.of("users"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--rethinkdb", server.address().toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Interseal.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return new Outcome(command.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  private Outcome made(String kind, String node, Path file, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("make", kind, "--bank", BANK.value(), "--node", node, "--to", file.toString()));
    all.addAll(List.of(more));
    Outcome outcome = users(all.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome;
  }

  @Test
  void makesAUserWhosePasswordIsInItsOwnersFileAlone() throws Exception {
    Path file = scratch.resolve("keys").resolve("password");

    Outcome outcome = made("observer", "auditor", file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(outcome.out())
        .contains("observer_bkaaxx00_auditor made")
        .doesNotContain(Files.readString(file));
    try (Store own =
        RethinkDbStore.open(
            OWN, access("observer_bkaaxx00_auditor", Optional.of(file)).connect(random))) {
      assertThat(own.append(TableName.BLOCKS).readById("", "", 1)).isEmpty();
    }
  }

  @Test
  void repeatsWithTheSamePasswordUnlessItIsToBeRenewed() throws Exception {
    Path file = scratch.resolve("password");
    made("gateway", "g-again", file);
    String first = Files.readString(file);

    Outcome again = made("gateway", "g-again", file);
    assertThat(again.out()).contains("was there: password and rights set");
    assertThat(Files.readString(file)).isEqualTo(first);

    made("gateway", "g-again", file, "--renew");
    assertThat(Files.readString(file)).isNotEqualTo(first);
    try (Store shared =
        RethinkDbStore.open(
            SHARED, access("gateway_bkaaxx00_g-again", Optional.of(file)).connect(random))) {
      assertThat(shared.append(TableName.BANK_KEYS).readById("", "", 1)).isEmpty();
    }
  }

  @Test
  void refusesAPasswordThatOthersCanReadOrThatIsNoneOfItsOwn() throws Exception {
    Path open = scratch.resolve("open");
    made("branch", "b-open", open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    Outcome readable =
        users("make", "branch", "--bank", "BKAAXX00", "--node", "b-open", "--to", open.toString());
    assertThat(readable.code()).isEqualTo(1);
    assertThat(readable.err()).contains("others than its owner can read", "chmod 600");

    Path weak = scratch.resolve("weak");
    Files.createFile(
        weak, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(weak, "hunter2");
    Outcome typed =
        users("make", "branch", "--bank", "BKAAXX00", "--node", "b-weak", "--to", weak.toString());
    assertThat(typed.code()).isEqualTo(1);
    assertThat(typed.err()).contains("--renew replaces it").doesNotContain("hunter2");
  }

  @Test
  void saysWhatACallLacks() {
    Outcome noBank = users("make", "gateway", "--node", "g", "--to", scratch + "/p");
    assertThat(noBank.code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(noBank.err()).contains("belongs to a bank");
    Outcome noDatabase =
        users("make", "gateway", "--bank", "BKZZXX00", "--node", "g", "--to", scratch + "/p");
    assertThat(noDatabase.code()).isEqualTo(1);
    assertThat(noDatabase.err()).contains("database bank_bkzzxx00 is not there");
    assertThat(users("revoke", "admin").code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(users("revoke", "nobody_at_all").code()).isEqualTo(1);
    assertThat(users("forget", "nobody_at_all").code()).isEqualTo(1);
  }

  @Test
  void listsEveryRightAndWhoIsRevoked() {
    made("gateway", "g-list", scratch.resolve("list"));
    made("gateway", "g-gone", scratch.resolve("gone"));
    assertThat(users("revoke", "gateway_bkaaxx00_g-gone").code()).isZero();

    Outcome listed = users("list");

    assertThat(listed.out().lines())
        .contains(
            "admin  NO PASSWORD",
            "gateway_bkaaxx00_g-list",
            "  interseal.transactions: read, write",
            "  bank_bkaaxx00.devices: read",
            "gateway_bkaaxx00_g-gone  revoked");
  }

  @Test
  void aRevokedUserIsOutAndItsNameIsBarredUntilItIsForgotten() throws Exception {
    Path file = scratch.resolve("password");
    String name = "server_bkaaxx00_s-evicted";
    made("server", "s-evicted", file);

    assertThat(users("revoke", name).out()).contains(name + " may do nothing any more");

    assertThatThrownBy(
            () -> {
              try (ConnectionPool pool = access(name, Optional.of(file)).connect(random)) {
                new RethinkDbTemplate(pool).serverTime();
              }
            })
        .isInstanceOf(AuthenticationRefused.class);
    Outcome again =
        users("make", "server", "--bank", "BKAAXX00", "--node", "s-evicted", "--to", file + "");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("was revoked");
    assertThat(users("forget", name).code()).isZero();
    made("server", "s-evicted", file);
  }

  /** On a server of its own: afterwards nobody is let in without the password. */
  @Test
  void givesAdminAPassword(@TempDir Path directory) throws Exception {
    RethinkDbServer others = server;
    try (RethinkDbServer fresh = RethinkDbServer.startOrSkip(directory)) {
      server = fresh;
      Path file = scratch.resolve("admin");
      assertThat(users("protect", "--to", file.toString()).code()).isZero();

      assertThat(users("list").code()).isEqualTo(1);
      assertThat(users("list", "--password-file", file.toString()).out().lines()).contains("admin");
    } finally {
      server = others;
    }
  }
}
