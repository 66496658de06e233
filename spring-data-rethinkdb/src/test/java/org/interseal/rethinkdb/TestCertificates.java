package org.interseal.rethinkdb;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test, and what it certifies. */
public final class TestCertificates {
  public static final String PASSPHRASE = "test";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LIFE = Duration.ofDays(36_500);

  private final X500Name name = new X500Name("CN=Test Authority");
  private final KeyPair keys = newKeys();
  private final X509Certificate certificate = issue(name, keys, true, new GeneralName[0]);
  private int serial = 1;

  /** A server's side of TLS. */
  public record Server(SSLContext context) {}

  /** Writes the authority's certificate as PEM. */
  public Path trustFile(Path directory) throws IOException {
    return writePem(directory.resolve("ca.pem"), "CERTIFICATE", encoded(certificate));
  }

  /** A server that proves to be {@code 127.0.0.1}, or not. */
  public Server server(GeneralName... names) {
    try {
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keyStore("CN=server", names), PASSPHRASE.toCharArray());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      KeyStore authorities = emptyStore();
      authorities.setCertificateEntry("ca", certificate);
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
      return new Server(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a certificate and its key as PEM, for a server process. */
  public void writeServer(Path certificateFile, Path keyFile, GeneralName... names)
      throws IOException {
    KeyPair own = newKeys();
    writePem(
        certificateFile,
        "CERTIFICATE",
        encoded(issue(new X500Name("CN=server"), own, false, names)));
    writePem(keyFile, "PRIVATE KEY", own.getPrivate().getEncoded());
  }

  /** Writes a client's certificate and key as PKCS#12. */
  public Path clientKeyStore(Path directory) throws IOException {
    Path file = directory.resolve("client.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      keyStore("CN=client").store(out, PASSPHRASE.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return file;
  }

  public static GeneralName address(String ip) {
    return new GeneralName(GeneralName.iPAddress, ip);
  }

  public static GeneralName host(String dnsName) {
    return new GeneralName(GeneralName.dNSName, dnsName);
  }

  private KeyStore keyStore(String subject, GeneralName... names) throws GeneralSecurityException {
    KeyPair own = newKeys();
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "own",
        own.getPrivate(),
        PASSPHRASE.toCharArray(),
        new X509Certificate[] {issue(new X500Name(subject), own, false, names), certificate});
    return store;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate issue(
      X500Name subject, KeyPair own, boolean authority, GeneralName[] names) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(++serial),
              Date.from(NOW),
              Date.from(NOW.plus(LIFE)),
              subject,
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (names.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path writePem(Path file, String type, byte[] content) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
