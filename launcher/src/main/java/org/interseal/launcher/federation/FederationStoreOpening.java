package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.interseal.identity.BankId;
import org.interseal.store.Store;

/** Opens databases that are there. */
public interface FederationStoreOpening {
  Store openShared() throws IOException;

  Store openBank(BankId bank) throws IOException;

  /** The file of the shared database, where it is one. */
  default Optional<Path> sharedFile() {
    return Optional.empty();
  }

  /** The file of a bank's own database, where it is one. */
  default Optional<Path> bankFile(BankId bank) {
    return Optional.empty();
  }
}
