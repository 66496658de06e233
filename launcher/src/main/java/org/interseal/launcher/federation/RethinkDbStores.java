package org.interseal.launcher.federation;

import static com.rethinkdb.RethinkDB.r;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.DatabaseUser;
import org.interseal.store.rethinkdb.NewPassword;
import org.interseal.store.rethinkdb.RethinkDbSchema;
import org.interseal.store.rethinkdb.RethinkDbStore;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.interseal.store.rethinkdb.RethinkDbUsers;
import org.interseal.store.rethinkdb.UserRights;

/**
 * Databases of a RethinkDB server, for trying things on one machine. Several federations can share
 * a server: each has a prefix of its own. Servers, gateways and branches log in as users who may do
 * no more than they need; the authority and whoever founds banks are {@code admin} here.
 */
record RethinkDbStores(
    FederationDescription.RethinkDbLocation location, FederationDirectory directory)
    implements FederationStores {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int REPLICAS = 1;
  private static final int CONNECTIONS = 4;
  private static final int GATEWAY_CONNECTIONS = 16;

  @Override
  public void prepareShared() throws IOException {
    create(shared());
  }

  @Override
  public void prepareBank(BankId bank, List<Party> nodes) throws IOException {
    create(own(bank));
    try (ConnectionPool pool = pool()) {
      RethinkDbUsers users =
          new RethinkDbUsers(
              new RethinkDbTemplate(pool),
              shared().database(),
              each -> own(each).database(),
              RANDOM);
      for (Party node : nodes) {
        String password = OwnerOnlySecret.read(OwnerOnlySecret.ensure(passwordFile(node), RANDOM));
        var _ = users.make(user(node), NewPassword.of(password));
      }
    } catch (StoreUnavailable e) {
      throw unreachable(e);
    }
  }

  private DatabaseUser user(Party node) {
    BankId bank = bank(node);
    String name = userPrefix() + node.name();
    return switch (node.role()) {
      case SERVER -> DatabaseUser.server(bank, name);
      case GATEWAY -> DatabaseUser.gateway(bank, name);
      case BRANCH -> DatabaseUser.branch(bank, name);
      case AUTHORITY, BANK, INTERNAL_CA, DEVICE ->
          throw new IllegalArgumentException("no process: " + node);
    };
  }

  private static BankId bank(Party node) {
    return Objects.requireNonNull(node.bank(), "a node belongs to a bank");
  }

  /** Of the last part of the names of all users of this federation's nodes. */
  private String userPrefix() {
    return location.prefix() + "-";
  }

  private Path passwordFile(Party node) {
    return directory.node(bank(node), node.name()).resolve("rethinkdb-password");
  }

  private void create(RethinkDbStoreSettings settings) throws IOException {
    try (ConnectionPool pool = pool()) {
      new RethinkDbSchema(new RethinkDbTemplate(pool)).create(settings, REPLICAS);
    } catch (StoreUnavailable e) {
      throw unreachable(e);
    }
  }

  @Override
  public Store openShared() throws IOException {
    return open(shared());
  }

  @Override
  public Store openBank(BankId bank) throws IOException {
    return open(own(bank));
  }

  private Store open(RethinkDbStoreSettings settings) throws IOException {
    try {
      return RethinkDbStore.open(settings, pool());
    } catch (StoreUnavailable e) {
      throw unreachable(e);
    }
  }

  private IOException unreachable(Exception e) {
    return new IOException("RethinkDB at " + location.address() + ": " + e.getMessage(), e);
  }

  @Override
  public List<String> settings() {
    return List.of(
        "--rethinkdb.enabled=true",
        "--rethinkdb.hosts=" + location.address(),
        "--interseal.store.shared-database=" + shared().database());
  }

  @Override
  public List<String> settings(Party node) {
    List<String> all = new ArrayList<>(settings());
    all.add(
        "--rethinkdb.pool.size="
            + (node.role() == PartyRole.GATEWAY ? GATEWAY_CONNECTIONS : CONNECTIONS));
    all.add("--rethinkdb.user=" + user(node).name());
    all.add("--rethinkdb.password-file=" + passwordFile(node));
    all.add("--interseal.store.bank-database=" + own(bank(node)).database());
    return all;
  }

  @Override
  public Map<String, Long> countRows(List<BankId> banks) throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    try (ConnectionPool pool = pool()) {
      RethinkDbTemplate template = new RethinkDbTemplate(pool);
      for (RethinkDbStoreSettings database : databases(banks)) {
        for (Object table :
            template.rows(
                r.db(database.database()).tableList(), org.interseal.rethinkdb.QueryOptions.SAFE)) {
          String name = String.valueOf(table);
          Object count = template.value(r.db(database.database()).table(name).count()).orElse(0L);
          rows.merge(name, ((Number) count).longValue(), Math::addExact);
        }
      }
    } catch (RethinkDbException e) {
      throw unreachable(e);
    }
    rows.remove("format");
    return rows;
  }

  @Override
  public ScratchTable openScratch() throws IOException {
    return RethinkDbScratchTable.make(pool(), location.prefix() + "_scratch");
  }

  @Override
  public String revokeUser(Party node) throws IOException {
    try (ConnectionPool pool = pool()) {
      return BankAccess.revoke(
          new RethinkDbUsers(
              new RethinkDbTemplate(pool),
              shared().database(),
              each -> own(each).database(),
              RANDOM),
          BankAccess.user(node, location.prefix() + "-" + node.name()));
    } catch (StoreUnavailable e) {
      throw unreachable(e);
    }
  }

  @Override
  public ClosedLedgerRows closedRows(BankId bank) {
    DatabaseAccess admin =
        new DatabaseAccess(
            List.of(server()), "admin", Optional.empty(), Optional.empty(), Optional.empty());
    return ClosedLedgerRows.inCluster(admin, own(bank), RANDOM);
  }

  @Override
  public void drop(List<BankId> banks) throws IOException {
    try (ConnectionPool pool = pool()) {
      RethinkDbTemplate template = new RethinkDbTemplate(pool);
      for (RethinkDbStoreSettings database : databases(banks)) {
        var _ = template.value(r.dbDrop(database.database()));
      }
      RethinkDbUsers users =
          new RethinkDbUsers(template, shared().database(), each -> own(each).database(), RANDOM);
      for (UserRights user : users.list()) {
        if (user.user().contains("_" + userPrefix())) {
          var _ = users.revoke(user.user());
          var _ = users.forget(user.user());
        }
      }
    } catch (StoreUnavailable e) {
      throw unreachable(e);
    } catch (RethinkDbException e) {
      throw unreachable(e);
    }
  }

  private List<RethinkDbStoreSettings> databases(List<BankId> banks) {
    List<RethinkDbStoreSettings> all = new ArrayList<>();
    all.add(shared());
    banks.forEach(bank -> all.add(own(bank)));
    return all;
  }

  private RethinkDbStoreSettings shared() {
    return RethinkDbStoreSettings.of(location.prefix() + "_shared", true);
  }

  private RethinkDbStoreSettings own(BankId bank) {
    return RethinkDbStoreSettings.of(
        location.prefix() + "_bank_" + bank.value().toLowerCase(Locale.ROOT), false);
  }

  private ServerAddress server() {
    return ServerAddress.parse(location.address(), ServerAddress.DEFAULT_PORT);
  }

  private ConnectionPool pool() {
    return ConnectionPool.of(
        ConnectionSettings.of(List.of(server()), "admin", Password.empty()),
        RANDOM,
        RethinkDbObserver.NONE);
  }
}
