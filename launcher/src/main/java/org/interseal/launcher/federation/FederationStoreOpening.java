package org.interseal.launcher.federation;

import java.io.IOException;
import org.interseal.identity.BankId;
import org.interseal.store.Store;

/** Opens databases that are there. */
public interface FederationStoreOpening {
  Store openShared() throws IOException;

  Store openBank(BankId bank) throws IOException;
}
