package org.interseal.simulation;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateChain;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankLicence;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.NodeCertificates;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/** Licenses banks and certifies their nodes, as an authority and the banks' own CAs would. */
final class Authority {
  private static final Duration BEFORE = Duration.ofHours(1);
  private static final Duration LIFE = Duration.ofDays(30);

  private final SecureRandom random;
  private final Store shared;
  private final SigningKey rootKey;
  private final Instant notBefore;
  private final Instant notAfter;
  private final RootCertificate root;

  Authority(SecureRandom random, Store shared, Instant now) {
    this.random = random;
    this.shared = shared;
    this.rootKey = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    this.notBefore = now.minus(BEFORE);
    this.notAfter = now.plus(LIFE);
    this.root = CertificateIssuer.root("Simulated authority", rootKey, notBefore, notAfter, random);
  }

  RootCertificate root() {
    return root;
  }

  Bank found(String bic, int partitions, List<String> servers) {
    BankId id = new BankId(bic);
    SigningKey certifying = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    DecryptionKey encryption = DecryptionKey.generate(random);
    Bytes certificate =
        CertificateIssuer.bank(
            id, certifying.verificationKey(), root, rootKey, notBefore, notAfter, random);
    publish(
        RegistryRow.of(
            new BankLicence(
                1,
                id,
                1,
                certificate,
                encryption.encryptionKey().spki(),
                1,
                partitions,
                LicenceStatus.ACTIVE,
                notBefore.toEpochMilli(),
                notAfter.toEpochMilli(),
                "Bank " + id,
                "simulated"),
            rootKey));
    SigningKey ca = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    Bytes caCertificate =
        CertificateIssuer.internalCa(
            ca.verificationKey(), certificate, certifying, notBefore, notAfter, random);
    Map<String, SigningKey> keys = new LinkedHashMap<>();
    for (String name : servers) {
      SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, random);
      keys.put(name, key);
      Party node = Party.server(id, name);
      certify(id, node, key.verificationKey(), Optional.empty(), certificate, caCertificate, ca);
    }
    SigningKey branch = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    DecryptionKey branchEncryption = DecryptionKey.generate(random);
    certify(
        id,
        Party.branch(id, Bank.BRANCH),
        branch.verificationKey(),
        Optional.of(branchEncryption.encryptionKey()),
        certificate,
        caCertificate,
        ca);
    return new Bank(
        id,
        partitions,
        certifying,
        certificate,
        encryption,
        DecryptionKey.generate(random),
        SecretKey256.generate(random),
        keys,
        branch,
        branchEncryption);
  }

  private void certify(
      BankId bank,
      Party node,
      VerificationKey key,
      Optional<EncryptionKey> encryptionKey,
      Bytes bankCertificate,
      Bytes caCertificate,
      SigningKey ca) {
    Bytes certificate =
        CertificateIssuer.node(
            node, key, encryptionKey, caCertificate, ca, notBefore, notAfter, random);
    publish(
        RegistryRow.of(
            new NodeCertificates(
                bank, new CertificateChain(List.of(certificate, caCertificate, bankCertificate)))));
  }

  private void publish(RegistryRow row) {
    var _ = shared.append(TableName.BANK_KEYS).insert(List.of(row.toInsert(0))).join();
  }
}
