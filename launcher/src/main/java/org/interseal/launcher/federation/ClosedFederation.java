package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
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
  private final FederationStoreOpening stores;
  private final ClosedLedgerRows.Opening closedRows;
  private final FileChannel lockFile;

  private ClosedFederation(
      FederationDirectory directory,
      List<BankId> banks,
      FederationStoreOpening stores,
      ClosedLedgerRows.Opening closedRows,
      FileChannel lockFile) {
    this.directory = directory;
    this.banks = List.copyOf(banks);
    this.stores = stores;
    this.closedRows = closedRows;
    this.lockFile = lockFile;
  }

  /**
   * Holds the federation kept in {@code directory}. One that was provisioned is not described
   * there, and its processes are elsewhere: that they do not run is for its operator to see to.
   *
   * @param store where its rows are, if that is said
   * @throws IOException when there is none, it is running, services of one that was killed do not
   *     end, or its rows are elsewhere
   */
  public static ClosedFederation hold(FederationDirectory directory, StoreChoice store)
      throws IOException, InterruptedException {
    boolean described = Files.exists(directory.description());
    boolean provisioned = !described && !directory.foundBanks().isEmpty();
    if (!described && !provisioned) {
      throw new IOException("no federation is kept in " + directory.root());
    }
    FileChannel lockFile =
        FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(lockFile) == null) {
        throw new IOException("a federation is running on " + directory.root() + ": stop it first");
      }
      ServiceLock.awaitFree(directory.serviceLock(), LocalFederation.ORPHANS_LIMIT);
      return provisioned
          ? provisioned(directory, store, lockFile)
          : described(directory, store, lockFile);
    } catch (IOException | InterruptedException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static ClosedFederation described(
      FederationDirectory directory, StoreChoice store, FileChannel lockFile) throws IOException {
    FederationDescription description = FederationDescription.read(directory);
    StoreChoice.Kind kept =
        description.rethinkdb() == null ? StoreChoice.Kind.sqlite : StoreChoice.Kind.rethinkdb;
    if (store.said().filter(said -> said != kept).isPresent()) {
      throw new IOException(
          "the federation in "
              + directory.root()
              + " keeps its rows in "
              + (kept == StoreChoice.Kind.sqlite ? "the embedded store" : "RethinkDB")
              + ": leave --store out");
    }
    FederationStores stores =
        description.on(store.named(), new SecureRandom()).stores(directory, InstantSource.system());
    return new ClosedFederation(
        directory, description.banks(), stores, stores::closedRows, lockFile);
  }

  private static ClosedFederation provisioned(
      FederationDirectory directory, StoreChoice store, FileChannel lockFile) throws IOException {
    if (store.said().filter(StoreChoice.Kind.rethinkdb::equals).isEmpty()) {
      throw new IOException(
          "the federation in "
              + directory.root()
              + " was provisioned for RethinkDB: say --store rethinkdb --rethinkdb HOST:PORT");
    }
    List<BankId> banks = directory.foundBanks();
    for (BankId bank : banks) {
      if (!Files.exists(directory.observer(bank).databasePassword())) {
        throw new IOException(
            bank
                + " has no "
                + FederationDirectory.OBSERVER
                + ": let provision material and store run");
      }
    }
    return new ClosedFederation(
        directory,
        banks,
        new ProvisionedStores(
            store.servers(),
            directory.observer(banks.getFirst()),
            directory::observer,
            new SecureRandom()),
        bank -> provisionedRows(directory, store, bank),
        lockFile);
  }

  private static ClosedLedgerRows provisionedRows(
      FederationDirectory directory, StoreChoice store, BankId bank) throws IOException {
    ProcessHome admin = new ProcessHome(directory.root().resolve("provisioner"), "admin");
    if (!Files.exists(admin.databasePassword())) {
      throw new IOException(
          "no rows can be dropped: the cluster's admin is not kept in " + admin.directory());
    }
    return ClosedLedgerRows.inCluster(
        DatabaseAccess.of(store.servers(), admin),
        ProvisionedStores.settings(bank),
        new SecureRandom());
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

  public FederationStoreOpening stores() {
    return stores;
  }

  /** What lets rows of a bank go that are closed, exported and verified. */
  public ClosedLedgerRows closedRows(BankId bank) throws IOException {
    return closedRows.of(bank);
  }

  /** The banks in the order of their founding. */
  public List<BankId> banks() {
    return banks;
  }

  /** A bank's server, to which the ledger's period keys are wrapped. */
  public Party server(BankId bank) {
    return Party.server(bank, FederationPlan.SERVER);
  }

  /** Whether the server's own keys are here. */
  public boolean hasServerVault(BankId bank) {
    return Files.exists(directory.node(bank, FederationPlan.SERVER).resolve("vault.p12"));
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

  /**
   * Where its servers, whatever their names, remember the newest blocks of their ledger that they
   * saw: beside their vaults.
   */
  public List<Path> serverMemories(BankId bank) throws IOException {
    return serverMemories(directory.bank(bank), bank);
  }

  static List<Path> serverMemories(Path home, BankId bank) throws IOException {
    if (!Files.isDirectory(home)) {
      return List.of();
    }
    List<Path> memories = new ArrayList<>();
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(home, Files::isDirectory)) {
      for (Path node : nodes) {
        if (remembers(node, bank)) {
          memories.add(node);
        }
      }
    }
    memories.sort(Comparator.naturalOrder());
    return memories;
  }

  private static boolean remembers(Path node, BankId bank) throws IOException {
    try (DirectoryStream<Path> heads = Files.newDirectoryStream(node, bank + ".p*.head")) {
      return heads.iterator().hasNext();
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
