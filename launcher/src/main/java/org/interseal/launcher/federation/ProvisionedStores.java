package org.interseal.launcher.federation;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.interseal.identity.BankId;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.RethinkDbStore;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.interseal.store.rethinkdb.RethinkDbUsers;

/**
 * Databases of a provisioned federation, under their usual names, with TLS.
 *
 * @param servers the cluster's nodes
 * @param shared as whom to open what members share
 * @param own as whom to open a bank's own
 */
public record ProvisionedStores(
    List<ServerAddress> servers,
    ProcessHome shared,
    Function<BankId, ProcessHome> own,
    SecureRandom random)
    implements FederationStoreOpening {
  public static final String SHARED_DATABASE = "interseal";

  public ProvisionedStores {
    servers = List.copyOf(servers);
  }

  public static RethinkDbStoreSettings sharedSettings() {
    return RethinkDbStoreSettings.of(SHARED_DATABASE, true);
  }

  public static RethinkDbStoreSettings settings(BankId bank) {
    return RethinkDbStoreSettings.of(RethinkDbUsers.usualBankDatabase(bank), false);
  }

  @Override
  public Store openShared() throws IOException {
    return open(shared, sharedSettings());
  }

  @Override
  public Store openBank(BankId bank) throws IOException {
    return open(own.apply(bank), settings(bank));
  }

  private Store open(ProcessHome as, RethinkDbStoreSettings settings) throws IOException {
    try {
      return RethinkDbStore.open(settings, DatabaseAccess.of(servers, as).connect(random));
    } catch (StoreUnavailable e) {
      throw new IOException("RethinkDB: " + e.getMessage(), e);
    }
  }
}
