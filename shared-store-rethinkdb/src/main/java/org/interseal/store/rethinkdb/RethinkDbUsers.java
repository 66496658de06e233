package org.interseal.store.rethinkdb;

import static com.rethinkdb.RethinkDB.r;

import com.rethinkdb.gen.ast.Filter;
import com.rethinkdb.gen.ast.Grant;
import com.rethinkdb.gen.ast.ReqlExpr;
import com.rethinkdb.gen.ast.Table;
import com.rethinkdb.model.MapObject;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.interseal.identity.BankId;
import org.interseal.rethinkdb.Document;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.ProcessKind.Access;
import org.interseal.store.rethinkdb.UserRights.Permission;
import org.interseal.store.rethinkdb.UserRights.Right;

/**
 * Makes, renews and revokes the database users of processes, as the user {@code admin}.
 *
 * <p>Every operation can be repeated, and must be after a {@link StoreUnavailable}, which may leave
 * it half done. Passwords cross the network inside queries: use TLS.
 */
public final class RethinkDbUsers {
  static final String DATABASE = "database";

  private static final String ADMIN = "admin";
  private static final String ID = "id";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final String DROPPED = "__deleted_database__";

  /** A user without rights can go on starting queries that touch no data. */
  private static final int MAX_SWEEPS = 10;

  private static final Table USERS = r.db("rethinkdb").table("users");
  private static final Table PERMISSIONS = r.db("rethinkdb").table("permissions");
  private static final Table JOBS = r.db("rethinkdb").table("jobs");

  private final RethinkDbTemplate template;
  private final String sharedDatabase;
  private final Function<BankId, String> bankDatabase;
  private final SecureRandom random;

  /**
   * @param template as {@code admin}
   * @param sharedDatabase what members share
   * @param bankDatabase a bank's own database, such as {@link #usualBankDatabase}
   */
  public RethinkDbUsers(
      RethinkDbTemplate template,
      String sharedDatabase,
      Function<BankId, String> bankDatabase,
      SecureRandom random) {
    this.template = template;
    this.sharedDatabase = sharedDatabase;
    this.bankDatabase = bankDatabase;
    this.random = random;
  }

  /** {@code bank_<bic>}, in lower case. */
  public static String usualBankDatabase(BankId bank) {
    return "bank_" + bank.value().toLowerCase(Locale.ROOT);
  }

  /** What became of making a user. */
  public sealed interface Making {
    /**
     * It is there, with this password and exactly its rights. Connections that it had are still
     * open.
     */
    record Made(boolean anew) implements Making {}

    /**
     * The name was revoked: connections of its former bearer, if one is open, would get the rights
     * too.
     */
    record NameRevoked() implements Making {}
  }

  /** What became of revoking a user. */
  public sealed interface Revocation {
    /**
     * It may do nothing any more.
     *
     * @param endedQueries queries and feeds that it had under way
     */
    record Revoked(long endedQueries) implements Revocation {}

    /** Nobody has that name. */
    record NoSuchUser() implements Revocation {}
  }

  /**
   * Makes a user, or gives one that is there a new password. Takes away whatever rights are not
   * due.
   *
   * @throws DatabaseRefused when a database that it needs was not made yet; then nothing was
   *     changed
   */
  public Making make(DatabaseUser user, NewPassword password) throws StoreUnavailable {
    return ask(() -> {
      requireDatabases(user);
      Optional<UserRights> before = find(user.name());
      if (before.filter(UserRights::revoked).isPresent()) {
        return new Making.NameRevoked();
      }
      done(
          USERS
              .insert(r.hashMap(ID, user.name()).with(PASSWORD, password.reveal()))
              .optArg("conflict", "update"));
      Map<String, Grant> due = due(user);
      removeRights(user.name(), due.keySet());
      var _ = template.value(r.expr(List.copyOf(due.values())));
      return new Making.Made(before.isEmpty());
    });
  }

  /**
   * Takes everything from a user at once: first its rights, which open connections feel too, then
   * its password, then its queries and feeds under way. The name stays, barred, because the server
   * gives an open connection whatever rights are later given to its user's name.
   *
   * <p>Connections stay open and good for what needs no right; see docs/operating/rethinkdb.md.
   *
   * @param name as {@link DatabaseUser#name}, or any other user but {@code admin}
   */
  public Revocation revoke(String name) throws StoreUnavailable {
    requireNotAdmin(name);
    return ask(() -> {
      if (find(name).isEmpty()) {
        return new Revocation.NoSuchUser();
      }
      var _ = template.value(r.grant(name, all(false)));
      removeRights(name, Set.of("*"));
      done(USERS.get(name).update(r.hashMap(PASSWORD, NewPassword.generate(random).reveal())));
      return new Revocation.Revoked(endQueries(name));
    });
  }

  /**
   * Frees a revoked name, so that it can be made again. Only after every node of the cluster was
   * restarted since the revocation, which is what closes the connections that its former bearer may
   * have kept.
   *
   * @return false when that name is not one that was revoked; then nothing was changed
   */
  public boolean forget(String name) throws StoreUnavailable {
    requireNotAdmin(name);
    return ask(() -> {
      if (find(name).filter(UserRights::revoked).isEmpty()) {
        return false;
      }
      done(USERS.get(name).delete());
      return true;
    });
  }

  /**
   * Gives the user {@code admin}, who has no password on a fresh cluster, a new one. Its open
   * connections stay open.
   */
  public void protectAdmin(NewPassword newPassword) throws StoreUnavailable {
    var _ =
        ask(() -> {
          done(USERS.get(ADMIN).update(r.hashMap(PASSWORD, newPassword.reveal())));
          return true;
        });
  }

  /** All users, {@code admin} and strangers included, by name. */
  public List<UserRights> list() throws StoreUnavailable {
    return ask(() -> {
      Map<String, List<Document>> permissions =
          template.documents(permissions()).stream()
              .collect(Collectors.groupingBy(row -> row.text(USER)));
      return template.documents(USERS.orderBy(ID)).stream()
          .map(user -> rights(user, permissions.getOrDefault(user.text(ID), List.of())))
          .toList();
    });
  }

  private Optional<UserRights> find(String name) {
    return template
        .document(USERS.get(name))
        .map(user -> rights(user, template.documents(permissions(name))));
  }

  private static UserRights rights(Document user, List<Document> permissions) {
    return new UserRights(
        user.text(ID),
        Boolean.TRUE.equals(user.fields().get(PASSWORD)),
        permissions.stream().map(Right::of).toList());
  }

  private static Filter permissions(String name) {
    return permissions().filter(r.hashMap(USER, name));
  }

  /**
   * Without those for databases that were dropped. The server keeps these and refuses to remove
   * them; they are good for nothing, as it gives a database's inner id to no other.
   */
  private static Filter permissions() {
    return PERMISSIONS.filter(row -> row.g(DATABASE).default_("").ne(DROPPED));
  }

  /** By place, as {@link Right#place} spells it. */
  private Map<String, Grant> due(DatabaseUser user) {
    Map<String, Grant> due = new LinkedHashMap<>();
    for (RethinkDbStoreSettings database : databases(user)) {
      Map<String, Access> tables = new LinkedHashMap<>();
      tables.put(RethinkDbSchema.FORMAT, Access.READ);
      user.kind()
          .tables(database.shared())
          .forEach((table, access) -> tables.put(StoreFields.tableName(table), access));
      tables.forEach((table, access) ->
          due.put(database.database() + "." + table, grant(user, database, table, access)));
    }
    return due;
  }

  private static Grant grant(
      DatabaseUser user, RethinkDbStoreSettings database, String table, Access access) {
    // Null takes away what was said before.
    return r.db(database.database())
        .table(table)
        .grant(
            user.name(),
            r.hashMap(Permission.READ.term(), true)
                .with(Permission.WRITE.term(), access == Access.WRITE ? true : null)
                .with(Permission.CONFIG.term(), null));
  }

  private List<RethinkDbStoreSettings> databases(DatabaseUser user) {
    List<RethinkDbStoreSettings> databases = new ArrayList<>();
    databases.add(RethinkDbStoreSettings.of(sharedDatabase, true));
    user.bank()
        .ifPresent(
            bank -> databases.add(RethinkDbStoreSettings.of(bankDatabase.apply(bank), false)));
    return databases;
  }

  private void requireDatabases(DatabaseUser user) {
    for (RethinkDbStoreSettings database : databases(user)) {
      String name = database.database();
      if (!template.value(r.dbList().contains(name)).equals(Optional.of(true))) {
        throw new DatabaseRefused("database " + name + " is not there: create it");
      }
      RethinkDbSchema.check(template, database);
    }
  }

  /** Rights at other places than these. */
  private void removeRights(String name, Set<String> except) throws StoreUnavailable {
    for (Document row : template.documents(permissions(name))) {
      if (!except.contains(Right.of(row).place())) {
        Object id = Objects.requireNonNull(row.fields().get(ID));
        done(PERMISSIONS.get(id).delete());
      }
    }
  }

  private static MapObject<Object, Object> all(boolean allowed) {
    MapObject<Object, Object> permissions = r.hashMap();
    for (Permission permission : Permission.values()) {
      permissions.put(permission.term(), allowed);
    }
    return permissions;
  }

  /** A feed that is not ended still passes on what it has, or gathers for a last time. */
  private long endQueries(String name) {
    long ended = 0;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      // A job may be over before it is ended: that is an error of its row.
      Document result =
          template
              .document(JOBS.filter(job -> job.g("info").g(USER).eq(name)).delete())
              .orElseThrow();
      long found = result.number("deleted") + result.number("errors");
      if (found == 0) {
        break;
      }
      ended += result.number("deleted");
    }
    return ended;
  }

  /** A write to a system table, whose rows' errors are no errors of the query. */
  private void done(ReqlExpr write) throws StoreUnavailable {
    Document result = template.document(write).orElseThrow();
    if (result.number("errors") > 0) {
      throw new StoreUnavailable("users of the database: " + result.text("first_error"));
    }
  }

  private static void requireNotAdmin(String name) {
    if (name.equals(ADMIN)) {
      throw new IllegalArgumentException("admin cannot be revoked");
    }
  }

  /** A question to the cluster. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws StoreUnavailable;
  }

  private <T> T ask(Question<T> question) throws StoreUnavailable {
    try {
      return question.ask();
    } catch (RethinkDbException e) {
      throw new StoreUnavailable("users of the database: " + e.getMessage(), e);
    }
  }
}
