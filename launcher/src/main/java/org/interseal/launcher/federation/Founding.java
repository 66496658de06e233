package org.interseal.launcher.federation;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.interseal.bank.founding.BankFounding;
import org.interseal.bank.founding.Licensee;
import org.interseal.bank.founding.NodeEvicted;
import org.interseal.bank.founding.NodeKeys;
import org.interseal.bank.founding.RegistryApi;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.launcher.dashboard.Registrations;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Founds the banks of a federation kept in one directory, playing both the applicant and the
 * authority's officer.
 */
public final class Founding implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final FederationDirectory directory;
  private final FederationStoreOpening stores;
  private final HttpClient http;
  private final InstantSource clock;
  private final SecureRandom random;
  private @Nullable Store shared;
  private @Nullable BankDirectory banks;

  /**
   * @param stores as somebody who may publish what banks publish and write wrapped keys
   */
  public Founding(
      FederationDirectory directory,
      FederationStoreOpening stores,
      HttpClient http,
      InstantSource clock,
      SecureRandom random) {
    this.directory = directory;
    this.stores = stores;
    this.http = http;
    this.clock = clock;
    this.random = random;
  }

  /** Secrets that the registry needs before it starts. */
  public void prepareAuthority() throws IOException {
    OwnerOnlySecret.ensure(directory.authority().resolve("passphrase"), random);
    OwnerOnlySecret.ensure(directory.officerPassword(), random);
  }

  /**
   * Completes what the bank lacks: licence, keys of these nodes of it, their certificates, wrapped
   * keys. Nodes that were evicted stay so.
   *
   * @param partitions of its ledger; what its licence says, one for a new bank, when it is empty
   * @throws IOException when it was founded with another number of partitions, too
   */
  public void complete(
      BankId bank,
      List<Party> nodes,
      Optional<Integer> partitions,
      URI registry,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    try {
      BankDirectory known = known();
      Path home = directory.bank(bank).resolve("founding");
      OwnerOnlySecret.ensure(directory.tellerPassword(bank), random);
      BankFounding founding = new BankFounding(bank, vault(home), home, clock, random);
      if (!founding.licensed(known)) {
        progress.accept("founding " + bank);
        String application =
            founding.apply(
                new RegistryApi(http, registry),
                new Licensee("Bank " + bank.institution(), "plc", partitions.orElse(1)));
        approve(registry, application);
        var _ = known.refresh();
      }
      int _ = agreed(bank, known.bank(bank).orElseThrow().partitions(), partitions);
      try (Store bankStore = stores.openBank(bank)) {
        for (Party node : nodes) {
          try {
            admit(founding, node, bankStore);
          } catch (NodeEvicted e) {
            progress.accept("left as it is: " + e.getMessage());
          }
        }
      }
    } catch (StoreUnavailable e) {
      throw new IOException("the store is not available: " + e.getMessage(), e);
    }
  }

  /**
   * Into how many partitions the ledger of a founded bank is divided, as its licence says.
   *
   * @throws IOException when it is not licensed, or for another number than was asked, too
   */
  public int partitions(BankId bank, Optional<Integer> asked) throws IOException {
    try {
      LicensedBank licence =
          known()
              .bank(bank)
              .orElseThrow(() -> new IOException(bank + " has no licence: it must be founded"));
      return agreed(bank, licence.partitions(), asked);
    } catch (StoreUnavailable e) {
      throw new IOException("the store is not available: " + e.getMessage(), e);
    }
  }

  static int agreed(BankId bank, int licensed, Optional<Integer> asked) throws IOException {
    if (asked.orElse(licensed) != licensed) {
      throw new IOException(
          bank
              + " was founded with "
              + licensed
              + " ledger partitions, which is for ever, and not with "
              + asked.orElse(licensed));
    }
    return licensed;
  }

  private void admit(BankFounding founding, Party node, Store bankStore)
      throws IOException, StoreUnavailable {
    BankId bank = Objects.requireNonNull(node.bank());
    NodeKeys keys = NodeKeys.ensure(node, vault(directory.node(bank, node.name())), random);
    founding.admit(keys, known(), shared(), bankStore);
  }

  private Pkcs12KeyVault vault(Path home) throws IOException {
    Path passphrase = OwnerOnlySecret.ensure(home.resolve("passphrase"), random);
    return Pkcs12KeyVault.open(
        home.resolve("vault.p12"), OwnerOnlySecret.read(passphrase).toCharArray());
  }

  private Store shared() throws IOException {
    if (shared == null) {
      shared = stores.openShared();
    }
    return shared;
  }

  private BankDirectory known() throws IOException, StoreUnavailable {
    if (banks == null) {
      try {
        banks =
            BankDirectory.of(
                new RootCertificate(Bytes.of(Files.readAllBytes(directory.rootCertificate()))),
                shared());
      } catch (InvalidKeyMaterial e) {
        throw new IOException("not a root certificate: " + directory.rootCertificate(), e);
      }
    }
    var _ = banks.refresh();
    return banks;
  }

  private void approve(URI registry, String application) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(registry.resolve("/v1/applications/" + application + "/approval"))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                Registrations.basic("officer", OwnerOnlySecret.read(directory.officerPassword())))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          "the registry refused the approval with "
              + response.statusCode()
              + ": "
              + response.body());
    }
  }

  @Override
  public void close() {
    if (shared != null) {
      shared.close();
    }
  }
}
