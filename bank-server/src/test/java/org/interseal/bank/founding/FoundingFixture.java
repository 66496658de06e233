package org.interseal.bank.founding;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.interseal.bank.founding.Interruptions.When;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.Store;
import org.interseal.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A registry and homes in which a bank is founded. */
@SuppressWarnings("NullAway.Init")
abstract class FoundingFixture {
  static final BankId BANK = new BankId("BKAAXX00");
  static final Party FIRST = Party.server(BANK, "server-1");
  static final Party SECOND = Party.server(BANK, "server-2");
  static final TestAuthority AUTHORITY = new TestAuthority();
  static final SecureRandom RANDOM = new SecureRandom();
  static final InstantSource CLOCK = InstantSource.fixed(TestAuthority.NOW);
  private static HttpClient http;
  static StandInRegistry registry;

  @TempDir Path temporary;
  Path home;
  Store shared;
  Store bankStore;

  @BeforeAll
  static void startRegistry() throws IOException {
    http = HttpClient.newHttpClient();
    registry = new StandInRegistry(AUTHORITY);
  }

  @AfterAll
  static void stopRegistry() {
    registry.close();
    http.close();
  }

  @AfterEach
  void closeStores() {
    shared.close();
    bankStore.close();
  }

  /** A home with empty stores. */
  void openHome(String name) throws IOException {
    home = Files.createDirectory(temporary.resolve(name));
    shared = SqliteStore.openShared(home.resolve("shared.db"), CLOCK);
    bankStore = SqliteStore.openBank(home.resolve("bank.db"), CLOCK);
  }

  static Interruptions none() {
    return new Interruptions(When.BEFORE, 0);
  }

  Pkcs12KeyVault vault(String name) throws IOException {
    return Pkcs12KeyVault.open(home.resolve(name + ".p12"), "test passphrase".toCharArray());
  }

  BankFounding founding(Interruptions world) throws IOException {
    return new BankFounding(BANK, world.vault(vault("founding")), home, CLOCK, RANDOM);
  }

  static String apply(BankFounding founding) throws IOException {
    try {
      return founding.apply(new RegistryApi(http, registry.uri()), new Licensee("Bank", "plc", 1));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the registry says now. */
  BankDirectory known() throws Exception {
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), shared);
    var _ = directory.refresh();
    return directory;
  }
}
