package org.interseal.launcher.provision;

import static com.rethinkdb.RethinkDB.r;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.DatabaseAccess;
import org.interseal.launcher.federation.FederationStoreOpening;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.launcher.federation.ProcessHome;
import org.interseal.launcher.federation.ProvisionedStores;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbException;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.DatabaseUser;
import org.interseal.store.rethinkdb.NewPassword;
import org.interseal.store.rethinkdb.RethinkDbSchema;
import org.interseal.store.rethinkdb.RethinkDbUsers;
import org.interseal.store.rethinkdb.RethinkDbUsers.Making;

/** Databases and users on the cluster. */
final class Cluster {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MAX_REPLICAS = 3;

  private final FederationOutline outline;
  private final InstantSource clock;
  private final SecureRandom random;

  Cluster(FederationOutline outline, InstantSource clock, SecureRandom random) {
    this.outline = outline;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Databases with three replicas where there are as many nodes, and a user for each process. One
   * that was revoked stays so, and is no reason to keep the others waiting.
   *
   * @param out hears of those
   */
  void prepare(Consumer<String> out) throws IOException, InterruptedException {
    try (ConnectionPool pool = pool(outline.provisioner())) {
      RethinkDbTemplate admin = new RethinkDbTemplate(pool);
      awaitNodes(admin);
      RethinkDbSchema schema = new RethinkDbSchema(admin);
      schema.create(ProvisionedStores.sharedSettings(), replicas());
      for (BankId bank : outline.banks()) {
        schema.create(ProvisionedStores.settings(bank), replicas());
      }
      RethinkDbUsers users =
          new RethinkDbUsers(
              admin, ProvisionedStores.SHARED_DATABASE, RethinkDbUsers::usualBankDatabase, random);
      for (var client : outline.clients().entrySet()) {
        make(users, client.getKey(), client.getValue(), out);
      }
    } catch (RethinkDbException | StoreUnavailable e) {
      throw new IOException("RethinkDB: " + e.getMessage(), e);
    }
  }

  private static void make(
      RethinkDbUsers users, DatabaseUser user, ProcessHome home, Consumer<String> out)
      throws IOException, StoreUnavailable {
    String password = OwnerOnlySecret.read(home.databasePassword());
    switch (users.make(user, NewPassword.of(password))) {
      case Making.Made _ -> {}
      case Making.NameRevoked _ ->
          out.accept(
              "left as it is: "
                  + user
                  + " was revoked; its name can be used again only after it was forgotten");
    }
  }

  private int replicas() {
    int nodes = Math.min(outline.stores().size(), MAX_REPLICAS);
    return nodes % 2 == 0 ? nodes - 1 : nodes;
  }

  /** Tables are spread over the nodes that are connected when they are made. */
  private void awaitNodes(RethinkDbTemplate admin) throws IOException, InterruptedException {
    long deadline = clock.millis() + PATIENCE.toMillis();
    String last = "";
    do {
      try {
        Object connected = admin.value(r.db("rethinkdb").table("server_status").count()).orElse(0L);
        if (((Number) connected).intValue() >= outline.stores().size()) {
          return;
        }
        last = connected + " of " + outline.stores().size() + " nodes are connected";
      } catch (RethinkDbException e) {
        last = String.valueOf(e.getMessage());
      }
      var _ = new CountDownLatch(1).await(1, TimeUnit.SECONDS);
    } while (clock.millis() < deadline);
    throw new IOException("RethinkDB: " + last);
  }

  /** The stores as this process sees them. */
  FederationStoreOpening as(ProcessHome client) {
    return new ProvisionedStores(outline.stores(), client, _ -> client, random);
  }

  private ConnectionPool pool(ProcessHome client) throws IOException {
    return DatabaseAccess.of(outline.stores(), client).connect(random);
  }
}
