package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.jspecify.annotations.Nullable;

/** A federation of this machine that is not running, and cannot be started while this is open. */
public final class ClosedFederation implements AutoCloseable {
  private final FederationDirectory directory;
  private final List<BankId> banks;
  private final FederationStores stores;
  private final FileChannel lockFile;

  private ClosedFederation(
      FederationDirectory directory,
      List<BankId> banks,
      FederationStores stores,
      FileChannel lockFile) {
    this.directory = directory;
    this.banks = List.copyOf(banks);
    this.stores = stores;
    this.lockFile = lockFile;
  }

  /**
   * Holds the federation kept in {@code directory}.
   *
   * @throws IOException when there is none, or it is running
   */
  public static ClosedFederation hold(FederationDirectory directory) throws IOException {
    if (!Files.exists(directory.description())) {
      throw new IOException("no federation is kept in " + directory.root());
    }
    FileChannel lockFile =
        FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(lockFile) == null) {
        throw new IOException("a federation is running on " + directory.root() + ": stop it first");
      }
      FederationDescription description = FederationDescription.read(directory);
      return new ClosedFederation(
          directory,
          description.banks(),
          description.stores(directory, InstantSource.system()),
          lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  public FederationDirectory directory() {
    return directory;
  }

  public FederationStores stores() {
    return stores;
  }

  /** The banks in the order of their founding. */
  public List<BankId> banks() {
    return banks;
  }

  /** A bank's server, to which the ledger's period keys are wrapped. */
  public Party server(BankId bank) {
    return Party.server(bank, FederationPlan.SERVER);
  }

  /** The server's own keys. */
  public KeyVault serverVault(BankId bank) throws IOException {
    Path home = directory.node(bank, FederationPlan.SERVER);
    Path vault = home.resolve("vault.p12");
    if (!Files.exists(vault)) {
      throw new IOException("missing: " + vault);
    }
    return Pkcs12KeyVault.open(
        vault, OwnerOnlySecret.read(home.resolve("passphrase")).toCharArray());
  }

  /** Where the server remembers the newest blocks that it saw: beside its vault. */
  public Path serverMemory(BankId bank) {
    return directory.node(bank, FederationPlan.SERVER);
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
