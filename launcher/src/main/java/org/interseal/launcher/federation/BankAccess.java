package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.interseal.bank.founding.BankDesk;
import org.interseal.bank.founding.BankFounding;
import org.interseal.bank.founding.FoundingLock;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.DatabaseUser;
import org.interseal.store.rethinkdb.RethinkDbUsers;

/**
 * One bank of a federation kept in a data directory, as its operators reach it: also while it runs.
 *
 * @param stores as somebody who may publish what the bank publishes and write wrapped keys
 * @param revoker takes database users away
 */
public record BankAccess(
    FederationDirectory directory, BankId bank, FederationStoreOpening stores, Revoker revoker) {
  /** Takes the database user of a node away. */
  @FunctionalInterface
  public interface Revoker {
    /** Returns words for the operator on what was done. */
    String revoke(Party node) throws IOException;
  }

  /**
   * @param store where a provisioned federation has its rows; others have that with them
   */
  public static BankAccess open(FederationDirectory directory, BankId bank, StoreChoice store)
      throws IOException {
    if (Files.exists(directory.description())) {
      FederationStores stores = directory.stores(InstantSource.system());
      return new BankAccess(directory, bank, stores, stores::revokeUser);
    }
    if (!Files.isDirectory(directory.bank(bank))) {
      throw new IOException("no bank " + bank + " is kept in " + directory.root());
    }
    if (store.said().filter(StoreChoice.Kind.rethinkdb::equals).isEmpty()) {
      throw new IOException(
          "the federation in "
              + directory.root()
              + " was provisioned for RethinkDB: say --store rethinkdb --rethinkdb HOST:PORT");
    }
    SecureRandom random = new SecureRandom();
    ProcessHome founder =
        new ProcessHome(
            directory.bank(bank).resolve("founding"), DatabaseUser.founder(bank).name());
    return new BankAccess(
        directory,
        bank,
        new ProvisionedStores(store.servers(), founder, _ -> founder, random),
        node -> asAdmin(directory, store, node, random));
  }

  private static String asAdmin(
      FederationDirectory directory, StoreChoice store, Party node, SecureRandom random)
      throws IOException {
    ProcessHome admin = new ProcessHome(directory.root().resolve("provisioner"), "admin");
    if (!Files.exists(admin.databasePassword())) {
      throw new IOException(
          "the cluster's admin is not kept here: let him say \"interseal users revoke "
              + user(node, node.name()).name()
              + "\", then say --user-revoked");
    }
    try (ConnectionPool pool = DatabaseAccess.of(store.servers(), admin).connect(random)) {
      return revoke(
          new RethinkDbUsers(
              new RethinkDbTemplate(pool),
              ProvisionedStores.SHARED_DATABASE,
              RethinkDbUsers::usualBankDatabase,
              random),
          user(node, node.name()));
    } catch (StoreUnavailable e) {
      throw new IOException("RethinkDB: " + e.getMessage(), e);
    }
  }

  static String revoke(RethinkDbUsers users, DatabaseUser user) throws StoreUnavailable {
    return switch (users.revoke(user.name())) {
      case RethinkDbUsers.Revocation.Revoked(long ended) ->
          "database user " + user + " may do nothing any more; queries and feeds ended: " + ended;
      case RethinkDbUsers.Revocation.NoSuchUser _ -> "there is no database user " + user;
    };
  }

  static DatabaseUser user(Party node, String name) {
    BankId bank = java.util.Objects.requireNonNull(node.bank());
    return switch (node.role()) {
      case SERVER -> DatabaseUser.server(bank, name);
      case GATEWAY -> DatabaseUser.gateway(bank, name);
      case BRANCH -> DatabaseUser.branch(bank, name);
      case AUTHORITY, BANK, INTERNAL_CA, DEVICE ->
          throw new IllegalArgumentException("no node: " + node);
    };
  }

  /** The bank's founding vault and what lies beside it. */
  public Path founding() {
    return directory.bank(bank).resolve("founding");
  }

  /**
   * The vault in a directory, under the passphrase beside it; both are made when they are not
   * there.
   */
  public static KeyVault vault(Path home, SecureRandom random) throws IOException {
    Path passphrase = OwnerOnlySecret.ensure(home.resolve("passphrase"), random);
    return Pkcs12KeyVault.open(
        home.resolve("vault.p12"), OwnerOnlySecret.read(passphrase).toCharArray());
  }

  /** Keeps others from changing what the founding left, until it is closed. */
  public FoundingLock lock(String holder) throws IOException {
    if (!Files.isDirectory(founding())) {
      throw new IOException("the founding vault of " + bank + " is not in " + founding());
    }
    return FoundingLock.take(founding(), holder, FoundingLock.PATIENCE);
  }

  /** What the bank's operators act through. The founding vault must be there. */
  public BankDesk desk(InstantSource clock, SecureRandom random) throws IOException {
    if (!Files.exists(founding().resolve("vault.p12"))) {
      throw new IOException("the founding vault of " + bank + " is not in " + founding());
    }
    BankFounding bankFounding =
        new BankFounding(bank, vault(founding(), random), founding(), clock, random);
    return new BankDesk(bank, bankFounding, founding(), clock, random);
  }

  /** What is published now. */
  public BankDirectory known(Store shared) throws IOException, StoreUnavailable {
    try {
      BankDirectory known =
          BankDirectory.of(
              new RootCertificate(Bytes.of(Files.readAllBytes(directory.rootCertificate()))),
              shared);
      var _ = known.refresh();
      return known;
    } catch (InvalidKeyMaterial e) {
      throw new IOException("not a root certificate: " + directory.rootCertificate(), e);
    }
  }

  /** Takes database users away, and tells what became of it. */
  public BankDesk.DatabaseUsers users(Consumer<String> out) {
    return node -> out.accept(revoker.revoke(node));
  }
}
