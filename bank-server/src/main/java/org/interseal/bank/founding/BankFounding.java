package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateChain;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.NodeCertificates;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Makes a bank. Every step looks first whether it was done, so that an interrupted founding is finished by running it
 * again, and running it on a finished bank changes nothing.
 *
 * <p>Uses the founding vault, which holds the certifying key, the internal CA's key and the shared keys, and which no
 * server ever sees.
 */
public final class BankFounding {
  static final String CERTIFYING = "certifying";
  static final String INTERNAL_CA = "internal-ca-1";
  static final String ENCRYPTION = "encryption-1";
  static final String PERIOD = "period-1";
  static final String FIRST_PERIOD = "1";
  private static final int FIRST = 1;
  private static final Duration CA_LIFE = Duration.ofDays(3650);
  private static final Duration NODE_LIFE = Duration.ofDays(730);
  private static final int MAX_INSERT_TRIES = 5;

  private final BankId bank;
  private final KeyVault vault;
  private final Path caCertificateFile;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * @param vault the founding vault; missing keys are made
   * @param directory where public parts are kept beside it
   */
  public BankFounding(BankId bank, KeyVault vault, Path directory, InstantSource clock, SecureRandom random)
      throws IOException {
    this.bank = bank;
    this.vault = vault;
    this.caCertificateFile = directory.resolve("internal-ca-1.der");
    this.clock = clock;
    this.random = random;
    ensureKeys();
  }

  private void ensureKeys() throws IOException {
    if (vault.signingKey(CERTIFYING).isEmpty()) {
      vault.store(CERTIFYING, SigningKey.generate(SignatureAlgorithm.ED25519, random));
    }
    if (vault.signingKey(INTERNAL_CA).isEmpty()) {
      vault.store(INTERNAL_CA, SigningKey.generate(SignatureAlgorithm.ED25519, random));
    }
    if (vault.decryptionKey(ENCRYPTION).isEmpty()) {
      vault.store(ENCRYPTION, DecryptionKey.generate(random));
    }
    if (vault.secretKey(PERIOD).isEmpty()) {
      vault.store(PERIOD, SecretKey256.generate(random));
    }
  }

  /** Whether the authority has licensed this bank with the keys of this vault. */
  public boolean licensed(BankDirectory directory) {
    return licence(directory).isPresent();
  }

  private Optional<LicensedBank> licence(BankDirectory directory) {
    return directory
        .bank(bank)
        .filter(licensed -> licensed.certifyingKey().id().equals(certifying().verificationKey().id()));
  }

  /**
   * Applies for a licence and proves both keys; then an officer decides.
   *
   * @return the application's id
   */
  public String apply(RegistryApi registry, Licensee licensee) throws IOException, InterruptedException {
    Bytes request = CertificationRequest.forBank(bank, certifying());
    DecryptionKey encryption = vault.decryptionKey(ENCRYPTION).orElseThrow();
    EncryptionKey publicKey = encryption.encryptionKey();
    RegistryApi.Receipt receipt = registry.apply(request, publicKey.spki(), licensee);
    try {
      registry.prove(receipt.id(), KeyWrap.open(receipt.challenge(), encryption, challengeContext(request)));
    } catch (CryptoFailure e) {
      throw new IOException("the registry's challenge does not belong to this application", e);
    }
    return receipt.id();
  }

  /** What the authority binds its challenge to: the hash of the request. */
  static Bytes challengeContext(Bytes pkcs10) {
    return Bytes.sha256OfFields("interseal key challenge v1", Bytes.sha256(pkcs10));
  }

  /**
   * Certifies a node for its public keys, publishes the certificate, and wraps the shared keys to it when it is a
   * server. The bank must be licensed.
   */
  public void admit(NodeKeys node, BankDirectory directory, Store shared, Store bankStore)
      throws IOException, StoreUnavailable {
    LicensedBank licence =
        licence(directory).orElseThrow(() -> new IOException(bank + " is not licensed with the keys of this vault"));
    if (!bank.equals(node.node().bank())) {
      throw new IllegalArgumentException("a node of another bank");
    }
    // The node's name is checked too: one key never serves two names.
    boolean certified =
        directory
            .node(bank, node.node().role(), node.signing().id(), clock.instant())
            .filter(known -> known.party().equals(node.node()))
            .isPresent();
    if (!certified) {
      publishCertificate(node, licence, shared);
    }
    if (node.node().role() == PartyRole.SERVER) {
      wrapShared(node, bankStore);
    }
  }

  private void publishCertificate(NodeKeys node, LicensedBank licence, Store shared)
      throws IOException {
    Instant now = clock.instant();
    Bytes caCertificate = internalCa(licence);
    Instant notAfter = now.plus(NODE_LIFE).isBefore(licence.notAfter()) ? now.plus(NODE_LIFE) : licence.notAfter();
    Bytes certificate =
        CertificateIssuer.node(
            node.node(),
            node.signing(),
            node.encryption(),
            caCertificate,
            vault.signingKey(INTERNAL_CA).orElseThrow(),
            now.minusSeconds(60),
            notAfter,
            random);
    RegistryRow row =
        RegistryRow.of(
            new NodeCertificates(
                bank, new CertificateChain(List.of(certificate, caCertificate, licence.certificate()))));
    insert(shared, TableName.BANK_KEYS, row.toInsert(0));
  }

  /** The internal CA's certificate, made when it is missing or was made under another bank certificate. */
  private Bytes internalCa(LicensedBank licence) throws IOException {
    if (Files.exists(caCertificateFile)) {
      return Bytes.of(Files.readAllBytes(caCertificateFile));
    }
    Instant now = clock.instant();
    Instant notAfter = now.plus(CA_LIFE).isBefore(licence.notAfter()) ? now.plus(CA_LIFE) : licence.notAfter();
    Bytes certificate =
        CertificateIssuer.internalCa(
            vault.signingKey(INTERNAL_CA).orElseThrow().verificationKey(),
            licence.certificate(),
            certifying(),
            now.minusSeconds(60),
            notAfter,
            random);
    Path part = caCertificateFile.resolveSibling(caCertificateFile.getFileName() + ".part");
    Files.write(part, certificate.toArray());
    Files.move(part, caCertificateFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return certificate;
  }

  private void wrapShared(NodeKeys node, Store bankStore) throws IOException {
    EncryptionKey recipient = node.encryption().orElseThrow();
    DecryptionKey encryption = vault.decryptionKey(ENCRYPTION).orElseThrow();
    String keyName = encryption.encryptionKey().id().value();
    WrappedKey wrappedEncryption =
        wrapped(
            node,
            WrappedKey.Kind.ENCRYPTION,
            keyName,
            KeyWrap.wrap(encryption, recipient, context(node, WrappedKey.Kind.ENCRYPTION, keyName), random));
    SecretKey256 period = vault.secretKey(PERIOD).orElseThrow();
    WrappedKey wrappedPeriod =
        wrapped(
            node,
            WrappedKey.Kind.PERIOD,
            FIRST_PERIOD,
            KeyWrap.wrap(period, recipient, context(node, WrappedKey.Kind.PERIOD, FIRST_PERIOD), random));
    insert(bankStore, TableName.WRAPPED_KEYS, wrappedEncryption.row(certifying(), node.node().name()));
    insert(bankStore, TableName.WRAPPED_KEYS, wrappedPeriod.row(certifying(), node.node().name()));
  }

  private Bytes context(NodeKeys node, WrappedKey.Kind kind, String name) {
    return WrappedKey.context(bank, node.node(), kind, name, FIRST);
  }

  private WrappedKey wrapped(NodeKeys node, WrappedKey.Kind kind, String name, Bytes wrapped) {
    return new WrappedKey(WrappedKey.VERSION, bank, node.node().wire(), kind, name, FIRST, wrapped);
  }

  /** Inserts, trying the same bytes again while nobody knows; a row that stands under the id already is as good. */
  private static void insert(Store store, TableName table, NewRow row) throws IOException {
    InsertOutcome outcome = new InsertOutcome.Unknown("not tried");
    for (int tries = 0; tries < MAX_INSERT_TRIES; tries++) {
      outcome = store.append(table).insert(List.of(row)).join().getFirst();
      switch (outcome) {
        case InsertOutcome.Inserted _, InsertOutcome.AlreadyThere _, InsertOutcome.Occupied _ -> {
          return;
        }
        case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> {
          // The loop ends by its own limit.
        }
      }
    }
    throw new IOException("the store did not take a row of " + table + ": " + outcome);
  }

  private SigningKey certifying() {
    return vault.signingKey(CERTIFYING).orElseThrow();
  }
}
