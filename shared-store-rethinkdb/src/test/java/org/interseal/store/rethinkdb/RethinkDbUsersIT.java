package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.interseal.store.rethinkdb.Federation.BANK;
import static org.interseal.store.rethinkdb.Federation.OTHER_BANK;
import static org.interseal.store.rethinkdb.Federation.OWN;
import static org.interseal.store.rethinkdb.Federation.SHARED;
import static org.interseal.store.rethinkdb.Refusals.assertForbidden;
import static org.interseal.store.rethinkdb.Refusals.assertNotPermitted;

import com.rethinkdb.gen.ast.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.interseal.rethinkdb.AuthenticationRefused;
import org.interseal.rethinkdb.Changefeed;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.rethinkdb.RethinkDbUsers.Making;
import org.interseal.store.rethinkdb.RethinkDbUsers.Revocation;
import org.interseal.store.rethinkdb.UserRights.Permission;
import org.interseal.store.rethinkdb.UserRights.Right;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making and revoking users on a real server; each test has users of its own. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RethinkDbUsersIT {
  private static final Table TRANSACTIONS = r.db(SHARED.database()).table("transactions");

  private final AtomicInteger rows = new AtomicInteger();
  private final AtomicInteger nodes = new AtomicInteger();
  private Federation federation;

  @SuppressWarnings("NullAway.Init")
  RethinkDbUsersIT() {}

  @BeforeAll
  void start(@TempDir Path directory) {
    federation = Federation.startOrSkip(directory, SHARED, OWN);
  }

  @AfterAll
  @SuppressWarnings("ConstantValue")
  void stop() {
    if (federation != null) {
      federation.close();
    }
  }

  private DatabaseUser newServer() throws StoreUnavailable {
    DatabaseUser server = DatabaseUser.server(BANK, "n" + nodes.incrementAndGet());
    assertThat(federation.make(server)).isEqualTo(new Making.Made(true));
    return server;
  }

  private NewRow newRow() {
    return new NewRow("BKAAXX00", "row-" + rows.incrementAndGet(), "sealed");
  }

  private String insertAsAdmin() {
    String id = newRow().id();
    assertThat(
            federation
                .admin
                .document(
                    TRANSACTIONS.insert(
                        r.hashMap("id", id).with("bankid", "BKAAXX00").with("message", "sealed")))
                .orElseThrow()
                .number("inserted"))
        .isOne();
    return id;
  }

  private UserRights rights(DatabaseUser user) throws StoreUnavailable {
    return federation.users.list().stream()
        .filter(rights -> rights.user().equals(user.name()))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> allowed(UserRights rights) {
    return rights.rights().stream()
        .flatMap(right ->
            right.allowed().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(entry -> right.place() + " " + entry.getKey()))
        .collect(Collectors.toSet());
  }

  // Making.

  @Test
  void aUserLogsInWithItsPasswordAndNoOther() throws StoreUnavailable {
    DatabaseUser server = newServer();
    try (ConnectionPool right = federation.connections(server);
        ConnectionPool wrong =
            federation.connections(server.name(), federation.newPassword().password());
        ConnectionPool none = federation.connections(server.name(), Password.empty())) {
      assertThat(new RethinkDbTemplate(right).serverTime()).isNotNull();
      assertThatThrownBy(() -> new RethinkDbTemplate(wrong).serverTime())
          .isInstanceOf(AuthenticationRefused.class);
      assertThatThrownBy(() -> new RethinkDbTemplate(none).serverTime())
          .isInstanceOf(AuthenticationRefused.class);
    }
  }

  @Test
  void makingAgainRenewsThePasswordAndKeepsTheRights() throws StoreUnavailable {
    DatabaseUser server = newServer();
    UserRights before = rights(server);
    try (ConnectionPool old = federation.connections(server)) {
      assertThat(federation.make(server)).isEqualTo(new Making.Made(false));
      assertThat(rights(server)).isEqualTo(before);
      assertThatThrownBy(() -> new RethinkDbTemplate(old).serverTime())
          .isInstanceOf(AuthenticationRefused.class);
    }
    try (RethinkDbStore store = federation.open(OWN, server)) {
      assertThat(store.append(TableName.BLOCKS).find("nothing")).isEmpty();
    }
  }

  /** So a password that leaked is no reason to renew a user but to revoke it. */
  @Test
  void aRenewedPasswordLeavesConnectionsOpen() throws StoreUnavailable {
    DatabaseUser server = newServer();
    try (RethinkDbStore store = federation.open(SHARED, server)) {
      assertThat(federation.make(server)).isEqualTo(new Making.Made(false));
      assertThat(store.append(TableName.TRANSACTIONS).insert(List.of(newRow())).join().getFirst())
          .isInstanceOf(InsertOutcome.Inserted.class);
    }
  }

  @Test
  void makingAgainTakesAwayWhatIsNotDue() throws StoreUnavailable {
    DatabaseUser gateway = DatabaseUser.gateway(BANK, "wide");
    var _ = federation.make(gateway);
    UserRights due = rights(gateway);
    Map<String, Object> everything = Map.of("read", true, "write", true, "config", true);
    for (var grant :
        List.of(
            r.grant(gateway.name(), Map.of("config", true, "connect", true)),
            r.db(OWN.database()).grant(gateway.name(), everything),
            r.db("rethinkdb").grant(gateway.name(), everything),
            r.db(OWN.database()).table("blocks").grant(gateway.name(), everything),
            r.db(OWN.database()).table("mailbox").grant(gateway.name(), everything),
            r.db(OWN.database()).table("devices").grant(gateway.name(), Map.of("read", false)))) {
      assertThat(federation.admin.value(grant)).isPresent();
    }
    assertThat(rights(gateway)).isNotEqualTo(due);
    assertThat(federation.make(gateway)).isEqualTo(new Making.Made(false));
    assertThat(rights(gateway)).isEqualTo(due);
  }

  @Test
  void makingAgainForgetsRightsToDatabasesThatAreGone() throws StoreUnavailable {
    DatabaseUser gateway = DatabaseUser.gateway(BANK, "moved");
    var _ = federation.make(gateway);
    UserRights due = rights(gateway);
    assertThat(federation.admin.value(r.dbCreate("gone"))).isPresent();
    assertThat(federation.admin.value(r.db("gone").grant(gateway.name(), Map.of("read", true))))
        .isPresent();
    assertThat(federation.admin.value(r.dbDrop("gone"))).isPresent();
    var _ = federation.make(gateway);
    assertThat(rights(gateway)).isEqualTo(due);
  }

  @Test
  void aUserOfADatabaseThatIsNotThereIsNotMade() throws StoreUnavailable {
    DatabaseUser server = DatabaseUser.server(OTHER_BANK, "n1");
    assertThatThrownBy(() -> federation.make(server))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("bank_bkbbxx00 is not there");
    assertThat(federation.users.list()).noneMatch(rights -> rights.user().equals(server.name()));
  }

  // Listing.

  @Test
  void listsWhatEveryUserMay() throws StoreUnavailable {
    DatabaseUser founder = DatabaseUser.founder(BANK);
    var _ = federation.make(founder);
    assertThat(allowed(rights(founder)))
        .containsExactlyInAnyOrder(
            "interseal.format READ",
            "interseal.bank_keys READ",
            "interseal.bank_keys WRITE",
            "bank_bkaaxx00.format READ",
            "bank_bkaaxx00.wrapped_keys READ",
            "bank_bkaaxx00.wrapped_keys WRITE");
    assertThat(rights(founder).hasPassword()).isTrue();
    assertThat(rights(founder).revoked()).isFalse();
  }

  @Test
  void listsAdminAndStrangers() throws StoreUnavailable {
    assertThat(
            federation.admin.value(
                r.db("rethinkdb")
                    .table("users")
                    .insert(r.hashMap("id", "stranger").with("password", false))))
        .isPresent();
    assertThat(federation.admin.value(r.grant("stranger", Map.of("read", true)))).isPresent();
    assertThat(federation.users.list())
        .contains(
            new UserRights(
                "stranger",
                false,
                List.of(
                    new Right(Optional.empty(), Optional.empty(), Map.of(Permission.READ, true)))))
        .anyMatch(rights -> rights.user().equals("admin") && !rights.hasPassword());
    assertThat(federation.users.revoke("stranger")).isEqualTo(new Revocation.Revoked(0));
  }

  // Revoking.

  @Test
  void aRevokedUserLogsInNoMore() throws StoreUnavailable {
    DatabaseUser server = newServer();
    assertThat(federation.users.revoke(server.name())).isEqualTo(new Revocation.Revoked(0));
    assertThatThrownBy(() -> federation.open(SHARED, server))
        .hasCauseInstanceOf(AuthenticationRefused.class);
    assertThat(rights(server).revoked()).isTrue();
    assertThat(allowed(rights(server))).isEmpty();
  }

  @Test
  void anOpenStoreReadsAndWritesNothingOnceItsUserIsRevoked() throws StoreUnavailable {
    DatabaseUser server = newServer();
    try (RethinkDbStore shared = federation.open(SHARED, server);
        RethinkDbStore own = federation.open(OWN, server)) {
      assertThat(own.append(TableName.BLOCKS).insert(List.of(newRow())).join().getFirst())
          .isInstanceOf(InsertOutcome.Inserted.class);
      assertThat(federation.users.revoke(server.name())).isEqualTo(new Revocation.Revoked(0));
      assertNotPermitted(own.append(TableName.BLOCKS).insert(List.of(newRow())).join().getFirst());
      assertNotPermitted(
          shared.append(TableName.TRANSACTIONS).insert(List.of(newRow())).join().getFirst());
      assertThatThrownBy(() -> own.append(TableName.BLOCKS).readAfter("p00", Position.START, 1))
          .isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> own.mutable(TableName.LEASES).put("p00", "mine"))
          .isInstanceOf(StoreUnavailable.class);
      assertThatThrownBy(() -> shared.append(TableName.BANK_KEYS).find("x"))
          .isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void theFeedsOfARevokedUserEndAndTellNothingMore() throws StoreUnavailable, InterruptedException {
    DatabaseUser server = newServer();
    HeardFeed heard = new HeardFeed();
    HeardFeed gathering = new HeardFeed();
    try (ConnectionPool pool = federation.connections(server)) {
      RethinkDbTemplate template = new RethinkDbTemplate(pool);
      try (Changefeed _ = template.follow("plain", TRANSACTIONS.changes(), heard);
          Changefeed _ =
              template.follow(
                  "gathering", TRANSACTIONS.changes().optArg("squash", 3_600), gathering)) {
        assertThat(heard.next()).isEqualTo("resumed");
        assertThat(gathering.next()).isEqualTo("resumed");
        String before = insertAsAdmin();
        assertThat(heard.next()).isEqualTo("changed " + before);
        assertThat(federation.users.revoke(server.name())).isEqualTo(new Revocation.Revoked(2));
        var _ = insertAsAdmin();
        assertThat(heard.next()).contains("Query terminated by the `rethinkdb.jobs` table");
        assertThat(gathering.next()).contains("Query terminated by the `rethinkdb.jobs` table");
        assertThat(heard.next()).startsWith("NOT_CONNECTED");
        assertThat(gathering.next()).startsWith("NOT_CONNECTED");
      }
    }
  }

  /**
   * Why taking the rights is not enough: the server looks at them when a feed asks for more, not
   * when it gives.
   */
  @Test
  void aFeedWouldTellOnceMoreAfterItsRightsAreGone() throws StoreUnavailable, InterruptedException {
    DatabaseUser server = newServer();
    HeardFeed heard = new HeardFeed();
    try (ConnectionPool pool = federation.connections(server);
        Changefeed _ = new RethinkDbTemplate(pool).follow("plain", TRANSACTIONS.changes(), heard)) {
      assertThat(heard.next()).isEqualTo("resumed");
      assertThat(
              federation.admin.value(r.db("rethinkdb").table("users").get(server.name()).delete()))
          .isPresent();
      String after = insertAsAdmin();
      assertThat(heard.next()).isEqualTo("changed " + after);
      assertThat(heard.next()).contains("does not have the required `read` permission");
    }
  }

  /** Why a revoked name stays barred. */
  @Test
  void anOpenConnectionWouldGetTheRightsOfALaterUserOfItsName() throws StoreUnavailable {
    DatabaseUser server = newServer();
    try (ConnectionPool pool = federation.connections(server)) {
      RethinkDbTemplate evicted = new RethinkDbTemplate(pool);
      assertThat(evicted.value(TRANSACTIONS.count())).isPresent();
      assertThat(federation.users.revoke(server.name())).isInstanceOf(Revocation.Revoked.class);
      assertForbidden(evicted, TRANSACTIONS.count());
      assertThat(federation.make(server)).isEqualTo(new Making.NameRevoked());
      assertForbidden(evicted, TRANSACTIONS.count());
      assertThat(federation.users.forget(server.name())).isTrue();
      assertForbidden(evicted, TRANSACTIONS.count());
      assertThat(federation.make(server)).isEqualTo(new Making.Made(true));
      assertThat(evicted.value(TRANSACTIONS.count())).isPresent();
    }
  }

  /** The limit that docs/operating/rethinkdb.md names. */
  @Test
  void anOpenConnectionOfARevokedUserIsStillGoodForWhatNeedsNoRight() throws StoreUnavailable {
    DatabaseUser server = newServer();
    try (ConnectionPool pool = federation.connections(server)) {
      RethinkDbTemplate evicted = new RethinkDbTemplate(pool);
      assertThat(evicted.serverTime()).isNotNull();
      assertThat(federation.users.revoke(server.name())).isInstanceOf(Revocation.Revoked.class);
      assertThat(evicted.value(r.range(1_000).count())).contains(1_000L);
      assertThat(evicted.value(r.dbList().contains(OWN.database()))).contains(true);
      assertForbidden(evicted, r.db("rethinkdb").table("users"));
    }
  }

  @Test
  void revokingOneNodeLeavesAllOthersWhatTheyHave() throws StoreUnavailable {
    DatabaseUser evicted = newServer();
    DatabaseUser other = newServer();
    UserRights before = rights(other);
    try (RethinkDbStore store = federation.open(SHARED, other)) {
      assertThat(federation.users.revoke(evicted.name())).isInstanceOf(Revocation.Revoked.class);
      assertThat(store.append(TableName.TRANSACTIONS).insert(List.of(newRow())).join().getFirst())
          .isInstanceOf(InsertOutcome.Inserted.class);
    }
    assertThat(rights(other)).isEqualTo(before);
  }

  @Test
  void revokingAgainChangesNothing() throws StoreUnavailable {
    DatabaseUser server = newServer();
    assertThat(federation.users.revoke(server.name())).isEqualTo(new Revocation.Revoked(0));
    UserRights once = rights(server);
    assertThat(federation.users.revoke(server.name())).isEqualTo(new Revocation.Revoked(0));
    assertThat(rights(server)).isEqualTo(once);
  }

  @Test
  void aNameThatNobodyHasIsNotRevoked() throws StoreUnavailable {
    assertThat(federation.users.revoke("server_bkaaxx00_typo"))
        .isEqualTo(new Revocation.NoSuchUser());
    assertThat(federation.users.list()).noneMatch(rights -> rights.user().contains("typo"));
  }

  @Test
  void onlyARevokedNameIsForgotten() throws StoreUnavailable {
    DatabaseUser server = newServer();
    assertThat(federation.users.forget(server.name())).isFalse();
    assertThat(federation.users.forget("nobody")).isFalse();
    assertThat(rights(server).revoked()).isFalse();
  }

  @Test
  void adminIsNeitherRevokedNorForgotten() {
    assertThatIllegalArgumentException().isThrownBy(() -> federation.users.revoke("admin"));
    assertThatIllegalArgumentException().isThrownBy(() -> federation.users.forget("admin"));
  }
}
