package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.founding.BankDesk;
import org.interseal.bank.founding.BankFounding;
import org.interseal.bank.founding.FoundingLock;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SecretKey256;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.DatabaseUser;
import org.jspecify.annotations.Nullable;

/**
 * One bank's founding vault beside its stores, for an operator's tool; the federation may run
 * meanwhile. Unless it only reads, it holds the {@link FoundingLock}.
 */
public final class FoundingAccess implements AutoCloseable {
  private final BankId bank;
  private final BankFounding founding;
  private final BankDirectory banks;
  private final Store shared;
  private final Store own;
  private final BankDesk desk;
  private final @Nullable FoundingLock lock;

  private FoundingAccess(
      BankId bank,
      BankFounding founding,
      BankDirectory banks,
      Store shared,
      Store own,
      BankDesk desk,
      @Nullable FoundingLock lock) {
    this.bank = bank;
    this.desk = desk;
    this.lock = lock;
    this.founding = founding;
    this.banks = banks;
    this.shared = shared;
    this.own = own;
  }

  /** The banks of the federation kept there, described or provisioned. */
  public static List<BankId> banks(FederationDirectory directory) throws IOException {
    List<BankId> described = FederationDescription.read(directory).banks();
    List<BankId> all = described.isEmpty() ? directory.foundBanks() : described;
    if (all.isEmpty()) {
      throw new IOException("no federation is kept in " + directory.root());
    }
    return all;
  }

  /**
   * Opens what a bank's founding left.
   *
   * @param store where the rows are, if that is said; it has to be for a provisioned federation
   */
  public static FoundingAccess open(
      FederationDirectory directory, StoreChoice store, BankId bank, SecureRandom random)
      throws IOException {
    ProcessHome founder =
        new ProcessHome(
            directory.bank(bank).resolve("founding"), DatabaseUser.founder(bank).name());
    Path home = founding(directory, bank);
    FoundingLock lock = FoundingLock.take(home, "period", FoundingLock.PATIENCE);
    try {
      return open(directory, store, bank, founder, random, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** As {@link #open}, for who reads all of the bank's tables and writes none. */
  public static FoundingAccess openToRead(
      FederationDirectory directory, StoreChoice store, BankId bank, SecureRandom random)
      throws IOException {
    return open(directory, store, bank, directory.observer(bank), random, null);
  }

  /** As {@link #openToRead}, while nobody drops what is read, or reads it for the same. */
  public static FoundingAccess openToExport(
      FederationDirectory directory, StoreChoice store, BankId bank, SecureRandom random)
      throws IOException {
    FoundingLock lock = lock(directory, bank, "period export");
    try {
      return open(directory, store, bank, directory.observer(bank), random, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Keeps others from the bank's founding vault, exports and drops. */
  public static FoundingLock lock(FederationDirectory directory, BankId bank, String holder)
      throws IOException {
    return FoundingLock.take(founding(directory, bank), holder, FoundingLock.PATIENCE);
  }

  private static Path founding(FederationDirectory directory, BankId bank) throws IOException {
    Path home = directory.bank(bank).resolve("founding");
    if (!Files.exists(home.resolve("vault.p12"))) {
      throw new IOException("there is no founding vault of " + bank + " in " + home);
    }
    return home;
  }

  private static FoundingAccess open(
      FederationDirectory directory,
      StoreChoice store,
      BankId bank,
      ProcessHome as,
      SecureRandom random,
      @Nullable FoundingLock lock)
      throws IOException {
    Path home = founding(directory, bank);
    InstantSource clock = InstantSource.system();
    BankFounding founding =
        new BankFounding(
            bank,
            Pkcs12KeyVault.open(
                home.resolve("vault.p12"),
                OwnerOnlySecret.read(home.resolve("passphrase")).toCharArray()),
            home,
            clock,
            random);
    FederationStoreOpening stores = stores(directory, store, as, clock, random);
    Store shared = stores.openShared();
    try {
      BankDirectory banks =
          BankDirectory.of(
              new RootCertificate(Bytes.of(Files.readAllBytes(directory.rootCertificate()))),
              shared);
      var _ = banks.refresh();
      return new FoundingAccess(
          bank,
          founding,
          banks,
          shared,
          stores.openBank(bank),
          new BankDesk(bank, founding, home, clock, random),
          lock);
    } catch (InvalidKeyMaterial e) {
      shared.close();
      throw new IOException("not a root certificate: " + directory.rootCertificate(), e);
    } catch (StoreUnavailable e) {
      shared.close();
      throw new IOException("the store is not available: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      shared.close();
      throw e;
    }
  }

  private static FederationStoreOpening stores(
      FederationDirectory directory,
      StoreChoice store,
      ProcessHome as,
      InstantSource clock,
      SecureRandom random)
      throws IOException {
    if (Files.exists(directory.description())) {
      return FederationDescription.read(directory)
          .on(store.named(), random)
          .stores(directory, clock);
    }
    if (store.said().filter(StoreChoice.Kind.rethinkdb::equals).isEmpty()) {
      throw new IOException(
          "the federation in "
              + directory.root()
              + " was provisioned for RethinkDB: say --store rethinkdb --rethinkdb HOST:PORT");
    }
    return new ProvisionedStores(store.servers(), as, _ -> as, random);
  }

  public BankId bank() {
    return bank;
  }

  public BankFounding founding() {
    return founding;
  }

  /** All period keys that the founding vault has; it names no current one. */
  public PeriodKeys periodKeys() {
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return "";
      }

      @Override
      public Optional<SecretKey256> key(String periodId) {
        return founding.periodKey(periodId);
      }
    };
  }

  /** What the bank's operators act through. */
  public BankDesk desk() {
    return desk;
  }

  /** Who is who, as it was when this was opened. */
  public BankDirectory banks() {
    return banks;
  }

  /** What members share. */
  public Store shared() {
    return shared;
  }

  /** The bank's own database. */
  public Store own() {
    return own;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      own.close();
      shared.close();
    }
  }
}
