package org.interseal.store.rethinkdb;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.interseal.identity.BankId;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.testing.RethinkDbServer;
import org.interseal.store.StoreUnavailable;

/** The databases of two banks and what they share on a server of its own, and users who log in. */
final class Federation implements AutoCloseable {
  static final BankId BANK = new BankId("BKAAXX00");
  static final BankId OTHER_BANK = new BankId("BKBBXX00");
  static final RethinkDbStoreSettings SHARED = RethinkDbStoreSettings.of("interseal", true);
  static final RethinkDbStoreSettings OWN = own(BANK);
  static final RethinkDbStoreSettings OTHER = own(OTHER_BANK);

  private final SecureRandom random = new SecureRandom();
  private final RethinkDbServer server;
  private final RethinkDbCluster cluster;
  private final ConnectionPool adminPool;
  private final Map<String, NewPassword> passwords = new ConcurrentHashMap<>();

  final RethinkDbTemplate admin;
  final RethinkDbUsers users;

  private Federation(RethinkDbServer server, List<RethinkDbStoreSettings> databases) {
    this.server = server;
    this.cluster = new RethinkDbCluster(List.of(server.address()), 1);
    databases.parallelStream().forEach(cluster::create);
    this.adminPool = cluster.adminPool();
    this.admin = new RethinkDbTemplate(adminPool);
    this.users = usersAs(admin);
  }

  static Federation startOrSkip(Path directory, RethinkDbStoreSettings... databases) {
    return new Federation(RethinkDbServer.startOrSkip(directory), List.of(databases));
  }

  private static RethinkDbStoreSettings own(BankId bank) {
    return RethinkDbStoreSettings.of(RethinkDbUsers.usualBankDatabase(bank), false);
  }

  RethinkDbUsers usersAs(RethinkDbTemplate template) {
    return new RethinkDbUsers(
        template, SHARED.database(), RethinkDbUsers::usualBankDatabase, random);
  }

  NewPassword newPassword() {
    return NewPassword.generate(random);
  }

  /** Makes or renews the user, whose password is remembered. */
  RethinkDbUsers.Making make(DatabaseUser user) throws StoreUnavailable {
    NewPassword password = newPassword();
    RethinkDbUsers.Making making = users.make(user, password);
    passwords.put(user.name(), password);
    return making;
  }

  /** Connections that log in as the user with the password that it was given last. */
  ConnectionPool connections(DatabaseUser user) {
    NewPassword password = passwords.get(user.name());
    if (password == null) {
      throw new IllegalStateException(user + " was not made");
    }
    return connections(user.name(), password.password());
  }

  ConnectionPool connections(String user, Password password) {
    return cluster.pool(user, password);
  }

  RethinkDbStore open(RethinkDbStoreSettings database, DatabaseUser user) throws StoreUnavailable {
    return RethinkDbStore.open(database, connections(user));
  }

  @Override
  public void close() {
    adminPool.close();
    server.close();
  }
}
