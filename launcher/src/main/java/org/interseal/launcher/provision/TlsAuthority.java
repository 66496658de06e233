package org.interseal.launcher.provision;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.interseal.launcher.federation.OwnerOnlySecret;

/**
 * A small authority for TLS inside one federation: P-256, ten years; what it certifies lives two.
 */
final class TlsAuthority {
  private static final Duration LIFE = Duration.ofDays(3650);
  private static final Duration MEMBER_LIFE = Duration.ofDays(730);
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
  private static final int SERIAL_BITS = 120;
  private static final String ALIAS = "own";

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final InstantSource clock;
  private final SecureRandom random;

  private TlsAuthority(
      X509Certificate certificate, PrivateKey key, InstantSource clock, SecureRandom random) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
    this.random = random;
  }

  /** What a certificate is for. */
  enum Use {
    SERVER,
    CLIENT,
    /** A node of a cluster, which both calls and is called. */
    PEER;

    private ExtendedKeyUsage purposes() {
      return new ExtendedKeyUsage(
          switch (this) {
            case SERVER -> new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth};
            case CLIENT -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
            case PEER ->
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
          });
    }
  }

  /** The authority kept in {@code directory}, made where it is missing. */
  static TlsAuthority ensure(Path directory, String name, InstantSource clock, SecureRandom random)
      throws IOException {
    Path certificateFile = directory.resolve("ca.pem");
    Path keyFile = directory.resolve("ca.key");
    try {
      if (!Files.exists(certificateFile)) {
        KeyPair keys = newKeys(random);
        X500Name subject = name(name);
        JcaX509v3CertificateBuilder builder =
            builder(subject, subject, keys, clock.instant(), LIFE, random);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        OwnerOnlySecret.replace(keyFile, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
        OwnerOnlySecret.replace(
            certificateFile, pem("CERTIFICATE", signed(builder, keys.getPrivate()).getEncoded()));
      }
      return new TlsAuthority(readCertificate(certificateFile), readKey(keyFile), clock, random);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("the authority for TLS in " + directory + ": " + e.getMessage(), e);
    }
  }

  byte[] certificatePem() throws IOException {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate cannot be written", e);
    }
  }

  /**
   * A key and a certificate as PEM, for a process that is called or calls under one of these names.
   */
  void ensurePem(Path certificateFile, Path keyFile, Use use, String... hosts) throws IOException {
    if (Files.exists(certificateFile)) {
      return;
    }
    try {
      KeyPair keys = newKeys(random);
      X509Certificate issued = issue(hosts[0], keys, use, hosts);
      OwnerOnlySecret.replace(keyFile, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
      OwnerOnlySecret.replace(certificateFile, pem("CERTIFICATE", issued.getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(certificateFile + ": " + e.getMessage(), e);
    }
  }

  /** A client's key and certificate as PKCS#12. */
  void ensureKeyStore(Path file, Path passphraseFile, String subject) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    char[] passphrase =
        OwnerOnlySecret.read(OwnerOnlySecret.ensure(passphraseFile, random)).toCharArray();
    try {
      KeyPair keys = newKeys(random);
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          ALIAS,
          keys.getPrivate(),
          passphrase,
          new X509Certificate[] {issue(subject, keys, Use.CLIENT), certificate});
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      store.store(content, passphrase);
      OwnerOnlySecret.replace(file, content.toByteArray());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private X509Certificate issue(String subject, KeyPair keys, Use use, String... hosts)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    JcaX509v3CertificateBuilder builder =
        builder(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
            name(subject),
            keys,
            clock.instant(),
            MEMBER_LIFE,
            random);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, use.purposes());
    if (hosts.length > 0) {
      GeneralName[] names = new GeneralName[hosts.length];
      for (int i = 0; i < hosts.length; i++) {
        names[i] =
            new GeneralName(
                isAddress(hosts[i]) ? GeneralName.iPAddress : GeneralName.dNSName, hosts[i]);
      }
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    return signed(builder, key);
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      KeyPair keys,
      Instant now,
      Duration life,
      SecureRandom random) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
        Date.from(now.minus(CLOCK_TOLERANCE)),
        Date.from(now.plus(life)),
        subject,
        keys.getPublic());
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static KeyPair newKeys(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X509Certificate readCertificate(Path file)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
    String body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
  }

  private static byte[] pem(String type, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
