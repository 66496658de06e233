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
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.EncryptionEpoch;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.NodeCertificates;
import org.interseal.protocol.registry.NodeRevocation;
import org.interseal.protocol.registry.RegistryRecord;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Makes a bank, admits its nodes and evicts them. Every step looks first whether it was done, so
 * that what was interrupted is finished by calling it again, and calling it on what is finished
 * changes nothing.
 *
 * <p>Uses the founding vault, which holds the certifying key, the internal CA's key and the shared
 * keys, and which no server ever sees. One operator at a time; not thread-safe.
 */
public final class BankFounding {
  static final String CERTIFYING = "certifying";
  static final String INTERNAL_CA = "internal-ca-1";
  private static final Duration CA_LIFE = Duration.ofDays(3650);
  private static final Duration NODE_LIFE = Duration.ofDays(730);

  /** Certificates begin a little earlier than they are made, for clocks that are behind. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  private final BankId bank;
  private final KeyVault vault;
  private final SharedKeys sharedKeys;
  private final Path directory;
  private final Path caCertificateFile;
  private final InstantSource clock;
  private final SecureRandom random;

  /**
   * Opens what there is and makes the keys that are missing.
   *
   * @param vault the founding vault
   * @param directory where public parts are kept beside it; must exist
   */
  public BankFounding(
      BankId bank, KeyVault vault, Path directory, InstantSource clock, SecureRandom random)
      throws IOException {
    this.bank = bank;
    this.vault = vault;
    this.sharedKeys = new SharedKeys(bank, vault, directory, random);
    this.directory = directory;
    this.caCertificateFile = directory.resolve("internal-ca-1.der");
    this.clock = clock;
    this.random = random;
    ensureSigningKey(CERTIFYING);
    ensureSigningKey(INTERNAL_CA);
    sharedKeys.ensureFirst();
  }

  private void ensureSigningKey(String alias) throws IOException {
    if (vault.signingKey(alias).isEmpty()) {
      vault.store(alias, SigningKey.generate(SignatureAlgorithm.ED25519, random));
    }
  }

  /** Whether the authority has licensed this bank with the keys of this vault. */
  public boolean licensed(BankDirectory directory) {
    return licence(directory).isPresent();
  }

  private Optional<LicensedBank> licence(BankDirectory directory) {
    return directory
        .bank(bank)
        .filter(licensed -> licensed.certifyingKey().equals(certifying().verificationKey()));
  }

  private LicensedBank requireLicence(BankDirectory directory) throws IOException {
    return licence(directory)
        .orElseThrow(() -> new IOException(bank + " is not licensed with the keys of this vault"));
  }

  /**
   * Applies for a licence and proves both keys; then an officer decides. Applying again, after an
   * interruption, makes another application for the same keys, and either can be approved.
   *
   * @return the application's id
   */
  public String apply(RegistryApi registry, Licensee licensee)
      throws IOException, InterruptedException {
    Bytes request = CertificationRequest.forBank(bank, certifying());
    DecryptionKey encryption = sharedKeys.encryption(sharedKeys.newestEpoch()).orElseThrow();
    RegistryApi.Receipt receipt =
        registry.apply(request, encryption.encryptionKey().spki(), licensee);
    try {
      registry.prove(
          receipt.id(), KeyWrap.open(receipt.challenge(), encryption, challengeContext(request)));
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
   * Certifies a node for its public keys, publishes the certificate, and wraps the shared keys to
   * it when it is a server. The bank must be licensed, and {@code directory} must have been
   * refreshed.
   *
   * @throws NodeEvicted when the node's key was revoked; it needs a new vault to come back
   */
  public void admit(NodeKeys node, BankDirectory directory, Store shared, Store bankStore)
      throws IOException, StoreUnavailable {
    LicensedBank licence = requireLicence(directory);
    if (!bank.equals(node.node().bank())) {
      throw new IllegalArgumentException("a node of another bank");
    }
    if (directory.revoked(bank, node.signing().id())) {
      throw new NodeEvicted(node.node());
    }
    // A server that is certified before it has the keys would read letters and open none: keys come
    // first.
    if (node.node().role() == PartyRole.SERVER) {
      sharedKeys.wrapMissing(node.node(), node.encryption().orElseThrow(), certifying(), bankStore);
    }
    // The node's name is checked too: one key never serves two names.
    boolean certified =
        directory
            .node(bank, node.node().role(), node.signing().id(), clock.instant())
            .filter(known -> known.party().equals(node.node()))
            .filter(known -> known.encryptionKey().equals(node.encryption()))
            .isPresent();
    if (!certified) {
      RegistryRow row = certify(node, licence, directory);
      Publishing.insert(shared, TableName.BANK_KEYS, row::toInsert);
      var _ = directory.refresh();
    }
  }

  /**
   * The node's certificates, with a new internal CA when the one on file proves nothing any more.
   */
  private RegistryRow certify(NodeKeys node, LicensedBank licence, BankDirectory directory)
      throws IOException {
    if (Files.exists(caCertificateFile)) {
      try {
        RegistryRow row = certify(node, licence, Bytes.of(Files.readAllBytes(caCertificateFile)));
        if (directory.provable(row)) {
          return row;
        }
      } catch (IllegalArgumentException e) {
        // A certificate of another key, or none at all: made anew below.
      }
    }
    RegistryRow row = certify(node, licence, makeInternalCa(licence));
    if (!directory.provable(row)) {
      throw new IOException("no reader would accept the certificate of " + node.node().wire());
    }
    return row;
  }

  private RegistryRow certify(NodeKeys node, LicensedBank licence, Bytes caCertificate) {
    Bytes certificate =
        CertificateIssuer.node(
            node.node(),
            node.signing(),
            node.encryption(),
            caCertificate,
            vault.signingKey(INTERNAL_CA).orElseThrow(),
            clock.instant().minus(CLOCK_TOLERANCE),
            lifeEnd(NODE_LIFE, licence),
            random);
    return RegistryRow.of(
        new NodeCertificates(
            bank,
            new CertificateChain(List.of(certificate, caCertificate, licence.certificate()))));
  }

  private Bytes makeInternalCa(LicensedBank licence) throws IOException {
    Bytes certificate =
        CertificateIssuer.internalCa(
            vault.signingKey(INTERNAL_CA).orElseThrow().verificationKey(),
            licence.certificate(),
            certifying(),
            clock.instant().minus(CLOCK_TOLERANCE),
            lifeEnd(CA_LIFE, licence),
            random);
    Path part = caCertificateFile.resolveSibling(caCertificateFile.getFileName() + ".part");
    Files.write(part, certificate.toArray());
    Files.move(
        part,
        caCertificateFile,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return certificate;
  }

  private Instant lifeEnd(Duration life, LicensedBank licence) {
    Instant end = clock.instant().plus(life);
    return end.isBefore(licence.notAfter()) ? end : licence.notAfter();
  }

  /**
   * Takes a node's voice away, for ever and at once, and, when it is a server, starts a new epoch
   * and a new period of the ledger whose keys it never gets. What was sealed to earlier epochs, and
   * earlier periods, stay readable to it.
   */
  public void evict(Party node, BankDirectory directory, Store shared, Store bankStore)
      throws IOException, StoreUnavailable {
    LicensedBank licence = requireLicence(directory);
    List<CertifiedParty> speaking = speaking(node, directory);
    boolean server = node.role() == PartyRole.SERVER;
    if (server && !speaking.isEmpty()) {
      // Before the revocation: the key without a published epoch says that one is due, should we be
      // interrupted.
      prepareEpoch(licence);
      preparePeriod();
    }
    for (CertifiedParty certified : speaking) {
      RegistryRow row =
          RegistryRow.of(
              new NodeRevocation(
                  RegistryRecord.VERSION,
                  bank,
                  directory.highestOwnNumber(bank) + 1,
                  node.name(),
                  certified.serial()),
              licence.certificate(),
              certifying());
      Publishing.insert(shared, TableName.BANK_KEYS, row::toInsert);
      var _ = directory.refresh();
    }
    if (server) {
      publishEpoch(directory, shared, bankStore);
      publishPeriod(directory, bankStore);
    }
  }

  private List<CertifiedParty> speaking(Party node, BankDirectory directory) {
    return directory.nodes(bank, node.role(), clock.instant()).stream()
        .filter(certified -> certified.party().equals(node))
        .toList();
  }

  /** Starts a new epoch: a new encryption key for all servers that speak for the bank now. */
  public void rotateEncryptionKey(BankDirectory directory, Store shared, Store bankStore)
      throws IOException, StoreUnavailable {
    prepareEpoch(requireLicence(directory));
    publishEpoch(directory, shared, bankStore);
  }

  private void prepareEpoch(LicensedBank licence) throws IOException {
    if (sharedKeys.newestEpoch() <= licence.epoch()) {
      var _ = sharedKeys.makeEpoch(licence.epoch() + 1);
    }
  }

  /** Publishes the vault's newest key, when it is not published, after every server has it. */
  private void publishEpoch(BankDirectory directory, Store shared, Store bankStore)
      throws IOException, StoreUnavailable {
    LicensedBank licence = requireLicence(directory);
    int epoch = sharedKeys.newestEpoch();
    if (epoch <= licence.epoch()) {
      return;
    }
    for (CertifiedParty server : directory.nodes(bank, PartyRole.SERVER, clock.instant())) {
      sharedKeys.wrapMissing(
          server.party(), server.encryptionKey().orElseThrow(), certifying(), bankStore);
    }
    RegistryRow row =
        RegistryRow.of(
            new EncryptionEpoch(
                RegistryRecord.VERSION,
                bank,
                directory.highestOwnNumber(bank) + 1,
                epoch,
                sharedKeys.encryption(epoch).orElseThrow().encryptionKey().spki()),
            licence.certificate(),
            certifying());
    Publishing.insert(shared, TableName.BANK_KEYS, row::toInsert);
    var _ = directory.refresh();
  }

  /**
   * Starts a new period of the ledger: a new key for all servers that speak for the bank now, and
   * for the recovery key. Servers write under it within seconds, and then close the period before.
   *
   * @return the period's name
   */
  public String startPeriod(BankDirectory directory, Store bankStore)
      throws IOException, StoreUnavailable {
    var _ = requireLicence(directory);
    preparePeriod();
    publishPeriod(directory, bankStore);
    return Integer.toString(sharedKeys.newestPeriod());
  }

  private void preparePeriod() throws IOException {
    if (sharedKeys.newestPeriod() <= sharedKeys.told().current()) {
      sharedKeys.makePeriod(sharedKeys.newestPeriod() + 1);
    }
  }

  /** Begins the vault's newest period, when it has not begun, after every server has its key. */
  private void publishPeriod(BankDirectory directory, Store bankStore)
      throws IOException, StoreUnavailable {
    SharedKeys.Told before = sharedKeys.told();
    SharedKeys.Told now = new SharedKeys.Told(sharedKeys.newestPeriod(), before.retired());
    if (before.covers(now)) {
      return;
    }
    // Its blocks must stay readable whatever happens to the servers.
    sharedKeys.wrapToRecovery(certifying(), bankStore);
    tellAll(now, directory, bankStore);
  }

  /**
   * Has every server destroy the keys of periods up to this one, and wraps them to none any more.
   * The founding vault keeps them, and so does whoever has the recovery key.
   *
   * @param period ended, and dropped from the store
   */
  public void retirePeriods(int period, BankDirectory directory, Store bankStore)
      throws IOException, StoreUnavailable {
    var _ = requireLicence(directory);
    SharedKeys.Told before = sharedKeys.told();
    if (period >= before.current()) {
      throw new IllegalArgumentException("period " + period + " has not ended");
    }
    SharedKeys.Told now = before.and(new SharedKeys.Told(before.current(), period));
    if (!before.covers(now)) {
      tellAll(now, directory, bankStore);
    }
  }

  private void tellAll(SharedKeys.Told what, BankDirectory directory, Store bankStore)
      throws IOException, StoreUnavailable {
    List<CertifiedParty> servers = directory.nodes(bank, PartyRole.SERVER, clock.instant());
    for (CertifiedParty server : servers) {
      sharedKeys.wrapMissing(
          server.party(), server.encryptionKey().orElseThrow(), certifying(), bankStore);
    }
    for (CertifiedParty server : servers) {
      sharedKeys.tell(
          server.party(), server.encryptionKey().orElseThrow(), what, certifying(), bankStore);
    }
    sharedKeys.keepTold(what);
  }

  /**
   * Has every period key, of now and later, wrapped to this recovery key, in place of the one
   * before; what was wrapped to that one stays readable with it.
   */
  public void useRecoveryKey(EncryptionKey key, Store bankStore)
      throws IOException, StoreUnavailable {
    RecoveryKey.keep(directory, key);
    sharedKeys.wrapToRecovery(certifying(), bankStore);
  }

  /** The key of a period of the ledger, begun or not. */
  public Optional<SecretKey256> periodKey(String period) {
    return sharedKeys.period(period);
  }

  /**
   * The ledger's periods as this vault knows them.
   *
   * @param newest the highest that has a key here; all from 1 have one
   * @param begun the highest that servers write under
   * @param retired servers have no key of periods up to this one; 0 for none
   */
  public record Periods(int newest, int begun, int retired) {}

  /** The ledger's periods as this vault knows them. */
  public Periods periods() throws IOException {
    SharedKeys.Told told = sharedKeys.told();
    return new Periods(sharedKeys.newestPeriod(), told.current(), told.retired());
  }

  /** The key with which the bank signs what it wraps. */
  public VerificationKey certifyingKey() {
    return certifying().verificationKey();
  }

  /**
   * @throws RefusedByBank when no node of that name and role was ever certified
   */
  void requireKnown(Party node, BankDirectory directory) throws IOException {
    var _ = requireLicence(directory);
    if (directory.certifiedNodes(bank).stream().noneMatch(c -> c.party().equals(node))) {
      throw new RefusedByBank(bank + " has no " + node.wire());
    }
  }

  String signOperators(OperatorPolicy policy) {
    return policy.sign(certifying());
  }

  private SigningKey certifying() {
    return vault.signingKey(CERTIFYING).orElseThrow();
  }
}
