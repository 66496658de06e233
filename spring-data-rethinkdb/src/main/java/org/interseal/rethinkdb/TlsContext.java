package org.interseal.rethinkdb;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and up, towards servers whose certificate is trusted and names the host that was asked
 * for (RFC 9110, section 4.3.4).
 */
public final class TlsContext {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final SSLContext context;

  private TlsContext(SSLContext context) {
    this.context = context;
  }

  /** A client's own certificate and key. */
  public record ClientKeys(Path keyStore, Password passphrase) {}

  /**
   * Reads the files now; a file that cannot be used is an {@link IllegalArgumentException}.
   *
   * @param trustFile PEM certificates of authorities; the JDK's own where absent
   * @param clientKeys PKCS#12, for servers that ask for a client certificate
   */
  public static TlsContext load(Optional<Path> trustFile, Optional<ClientKeys> clientKeys) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trustFile.isPresent() ? authorities(trustFile.get()) : null);
      KeyManager @Nullable [] keys = clientKeys.isPresent() ? keyManagers(clientKeys.get()) : null;
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return new TlsContext(context);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** Speaks TLS over a connected socket, and returns when the handshake is done. */
  SSLSocket handshake(Socket connected, ServerAddress server) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(connected, server.host(), server.port(), true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(PROTOCOLS);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static KeyStore authorities(Path pem) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(pem)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("no certificate in " + pem);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
      return store;
    } catch (IOException e) {
      throw new IllegalArgumentException("the trust file " + pem + " cannot be read", e);
    }
  }

  private static KeyManager[] keyManagers(ClientKeys keys) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(keys.keyStore())) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, keys.passphrase().reveal());
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, keys.passphrase().reveal());
      return factory.getKeyManagers();
    } catch (IOException e) {
      throw new IllegalArgumentException("the key store " + keys.keyStore() + " cannot be read", e);
    }
  }
}
