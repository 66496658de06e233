package org.interseal.bank.processing;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateChain;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.BankLicence;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.NodeCertificates;
import org.interseal.protocol.registry.RegistryRecord;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.Resolution;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** An authority and its banks, on stores that outlive every server. */
final class TestFederation implements AutoCloseable {
  static final SecureRandom RANDOM = new SecureRandom();

  final Stores stores;
  final Store shared;
  final RootCertificate root;
  private final SigningKey rootKey = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
  private final List<TestNode> banks = new ArrayList<>();
  private final Map<BankId, Integer> partitionsOf = new HashMap<>();
  private long published;
  private final Instant notBefore;
  private final Instant notAfter;

  TestFederation(Stores stores) {
    this.stores = stores;
    this.shared = stores.shared();
    Instant now = InstantSource.system().instant();
    this.notBefore = now.minus(Duration.ofHours(1));
    this.notAfter = now.plus(Duration.ofDays(30));
    this.root = CertificateIssuer.root("Test authority", rootKey, notBefore, notAfter, RANDOM);
  }

  /** A licensed bank with one server, one branch and generous terms; not started. */
  TestNode bank(String bic) {
    TestNode bank = new TestNode(this, new BankId(bic));
    banks.add(bank);
    return bank;
  }

  /** As {@link #bank(String)}, with several partitions; this is number 0. */
  TestNode bank(String bic, int partitions) {
    BankId id = new BankId(bic);
    partitionsOf.put(id, partitions);
    TestNode bank = new TestNode(this, id);
    banks.add(bank);
    return bank;
  }

  /** Another partition of a bank; not started. */
  TestNode partition(TestNode bank, int partition) {
    TestNode other = new TestNode(bank, partition);
    banks.add(other);
    return other;
  }

  /** Publishes a licence. */
  Bytes license(BankId bank, VerificationKey certifyingKey, EncryptionKey encryptionKey) {
    Bytes certificate =
        CertificateIssuer.bank(bank, certifyingKey, root, rootKey, notBefore, notAfter, RANDOM);
    license(bank, certificate, encryptionKey, 1, LicenceStatus.ACTIVE);
    return certificate;
  }

  void license(
      BankId bank,
      Bytes certificate,
      EncryptionKey encryptionKey,
      long number,
      LicenceStatus status) {
    BankLicence licence =
        new BankLicence(
            1,
            bank,
            number,
            certificate,
            encryptionKey.spki(),
            1,
            partitionsOf.getOrDefault(bank, 1),
            status,
            notBefore.toEpochMilli(),
            notAfter.toEpochMilli(),
            "Bank " + bank,
            "test");
    publish(RegistryRow.of(licence, rootKey));
  }

  void publish(RegistryRow row) {
    insert(shared, TableName.BANK_KEYS, row.toInsert(0));
    published++;
  }

  /** How many rows of the registry there are: the version of who has read them all. */
  long published() {
    return published;
  }

  /** Publishes the authority's word on a transfer that waits. */
  void resolve(BankId source, OutstandingTransfer waiting, boolean settled) {
    publish(
        RegistryRow.of(
            new Resolution(
                RegistryRecord.VERSION,
                source,
                0,
                waiting.target().bank(),
                waiting.target().partition(),
                waiting.transfer().number(),
                waiting.digest(),
                settled),
            rootKey));
  }

  /** All that is published now. */
  BankDirectory registry() {
    BankDirectory directory = directory(shared);
    for (int i = 0; i < 100 && directory.completeReads() == 0; i++) {
      try {
        var _ = directory.refresh();
      } catch (StoreUnavailable e) {
        // The next look will do.
      }
    }
    return directory;
  }

  SigningKey rootKey() {
    return rootKey;
  }

  void certify(
      Party node,
      VerificationKey key,
      Optional<EncryptionKey> encryptionKey,
      Bytes bankCertificate,
      SigningKey certifyingKey) {
    SigningKey caKey = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    Bytes ca =
        CertificateIssuer.internalCa(
            caKey.verificationKey(), bankCertificate, certifyingKey, notBefore, notAfter, RANDOM);
    Bytes certificate =
        CertificateIssuer.node(node, key, encryptionKey, ca, caKey, notBefore, notAfter, RANDOM);
    BankId bank = java.util.Objects.requireNonNull(node.bank());
    publish(
        RegistryRow.of(
            new NodeCertificates(
                bank, new CertificateChain(List.of(certificate, ca, bankCertificate)))));
  }

  BankDirectory directory(Store store) {
    try {
      return BankDirectory.of(root, store);
    } catch (InvalidKeyMaterial e) {
      throw new IllegalStateException(e);
    }
  }

  /** Inserts until the row stands. */
  static void insert(Store store, TableName table, NewRow row) {
    for (int i = 0; i < 100; i++) {
      switch (store.append(table).insert(List.of(row)).join().getFirst()) {
        case InsertOutcome.Inserted _, InsertOutcome.AlreadyThere _ -> {
          return;
        }
        case InsertOutcome.Occupied _ -> throw new IllegalStateException("occupied");
        case InsertOutcome.Unknown _, InsertOutcome.Failed _ -> {
          // once more
        }
      }
    }
    throw new IllegalStateException("not inserted");
  }

  /** Inserts until all rows stand. */
  static void insertAll(Store store, TableName table, List<NewRow> rows) {
    try {
      var _ = Persevering.insert(store.append(table), rows);
    } catch (Exception e) {
      throw new IllegalStateException("not inserted", e);
    }
  }

  @Override
  public void close() {
    banks.forEach(TestNode::kill);
    shared.close();
    stores.close();
  }
}
