package org.interseal.protocol.registry;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateChain;
import org.interseal.crypto.CertificateIssuer;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** An authority with real keys, and banks under it, for tests. */
public final class TestAuthority {
  public static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final Duration VALIDITY = Duration.ofDays(365);

  private final SecureRandom random = new SecureRandom();
  private final SigningKey rootKey = SigningKey.generate(SignatureAlgorithm.ED25519, random);
  private final RootCertificate root =
      CertificateIssuer.root(
          "Territory", rootKey, NOW.minus(VALIDITY), NOW.plus(VALIDITY).plus(VALIDITY), random);

  public RootCertificate root() {
    return root;
  }

  public SigningKey rootKey() {
    return rootKey;
  }

  /** A new bank with new keys. */
  public TestBank bank(String bic) {
    return new TestBank(
        this, new BankId(bic), SigningKey.generate(SignatureAlgorithm.ED25519, random));
  }

  /** A first, active licence for keys that were made elsewhere. */
  public RegistryRow license(
      BankId bank, VerificationKey certifyingKey, EncryptionKey encryptionKey) {
    Bytes certificate =
        CertificateIssuer.bank(
            bank, certifyingKey, root, rootKey, NOW.minusSeconds(600), NOW.plus(VALIDITY), random);
    return RegistryRow.of(
        new BankLicence(
            1,
            bank,
            1,
            certificate,
            encryptionKey.spki(),
            1,
            1,
            LicenceStatus.ACTIVE,
            NOW.minusSeconds(600).toEpochMilli(),
            NOW.plus(VALIDITY).toEpochMilli(),
            "Bank " + bank,
            "plc"),
        rootKey);
  }

  Bytes certify(BankId bank, SigningKey certifyingKey) {
    return CertificateIssuer.bank(
        bank,
        certifyingKey.verificationKey(),
        root,
        rootKey,
        NOW.minusSeconds(60),
        NOW.plus(VALIDITY),
        random);
  }

  public RegistryRow resolution(BankId source, BankId target, long number, boolean settled) {
    return RegistryRow.of(
        new Resolution(1, source, 0, target, 0, number, Bytes.sha256(Bytes.utf8("t")), settled),
        rootKey);
  }

  /** A bank under the authority. */
  public static final class TestBank {
    private final TestAuthority authority;
    private final BankId id;
    private final SigningKey certifying;
    private final SigningKey caKey;
    private final DecryptionKey decryption;
    private final Bytes certificate;
    private final Bytes caCertificate;

    TestBank(TestAuthority authority, BankId id, SigningKey certifying) {
      this.authority = authority;
      this.id = id;
      this.certifying = certifying;
      this.caKey = SigningKey.generate(SignatureAlgorithm.ES256, authority.random);
      this.decryption = DecryptionKey.generate(authority.random);
      this.certificate = authority.certify(id, certifying);
      this.caCertificate =
          CertificateIssuer.internalCa(
              caKey.verificationKey(),
              certificate,
              certifying,
              NOW.minusSeconds(60),
              NOW.plus(VALIDITY),
              authority.random);
    }

    public BankId id() {
      return id;
    }

    public SigningKey certifying() {
      return certifying;
    }

    public DecryptionKey decryption() {
      return decryption;
    }

    public Bytes certificate() {
      return certificate;
    }

    public BankLicence licenceRecord(long number, LicenceStatus status) {
      return new BankLicence(
          1,
          id,
          number,
          certificate,
          decryption.encryptionKey().spki(),
          1,
          1,
          status,
          NOW.minusSeconds(60).toEpochMilli(),
          NOW.plus(VALIDITY).toEpochMilli(),
          "Bank " + id,
          "plc");
    }

    public RegistryRow licence(long number, LicenceStatus status) {
      return RegistryRow.of(licenceRecord(number, status), authority.rootKey);
    }

    public RegistryRow epoch(long number, int epoch, DecryptionKey key) {
      return RegistryRow.of(
          new EncryptionEpoch(1, id, number, epoch, key.encryptionKey().spki()),
          certificate,
          certifying);
    }

    public RegistryRow revocation(long number, TestNode node) {
      return RegistryRow.of(
          new NodeRevocation(1, id, number, node.party().name(), node.serial(authority)),
          certificate,
          certifying);
    }

    /** A node with new keys, not yet published. */
    public TestNode node(Party party) {
      SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, authority.random);
      DecryptionKey own = DecryptionKey.generate(authority.random);
      Bytes nodeCertificate =
          CertificateIssuer.node(
              party,
              key.verificationKey(),
              Optional.of(own.encryptionKey()),
              caCertificate,
              caKey,
              NOW.minusSeconds(60),
              NOW.plus(VALIDITY),
              authority.random);
      return new TestNode(
          party,
          key,
          own,
          new CertificateChain(List.of(nodeCertificate, caCertificate, certificate)));
    }

    public TestNode server(String name) {
      return node(Party.server(id, name));
    }

    public TestNode branch(String name) {
      return node(Party.branch(id, name));
    }

    public TestNode gateway(String name) {
      return node(Party.gateway(id, name));
    }
  }

  /** A certified node with its keys. */
  public record TestNode(
      Party party, SigningKey key, DecryptionKey decryption, CertificateChain chain) {
    public RegistryRow row() {
      BankId bank = java.util.Objects.requireNonNull(party.bank());
      return RegistryRow.of(new NodeCertificates(bank, chain));
    }

    public String serial(TestAuthority authority) {
      try {
        return chain.validate(authority.root(), party.role(), NOW).serial();
      } catch (org.interseal.crypto.CertificateRejected e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
