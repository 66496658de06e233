package org.interseal.protocol.registry;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateRejected;

/**
 * A span of time.
 *
 * @param from inclusive
 * @param until inclusive, as X.509 has it
 */
record Window(Instant from, Instant until) {
  boolean contains(Instant at) {
    return !at.isBefore(from) && !at.isAfter(until);
  }

  Window and(Instant otherFrom, Instant otherUntil) {
    return new Window(
        from.isBefore(otherFrom) ? otherFrom : from,
        until.isAfter(otherUntil) ? otherUntil : until);
  }

  /** When all of these are valid; refused when that is never. */
  static Window of(List<Bytes> certificates) throws CertificateRejected {
    Window window = new Window(Instant.MIN, Instant.MAX);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Bytes der : certificates) {
        if (!(factory.generateCertificate(new ByteArrayInputStream(der.toArray()))
            instanceof X509Certificate certificate)) {
          throw new CertificateRejected("not an X.509 certificate");
        }
        window =
            window.and(
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
      }
    } catch (CertificateException e) {
      throw new CertificateRejected("not an X.509 certificate");
    }
    if (window.until.isBefore(window.from)) {
      throw new CertificateRejected("certificates that are never valid together");
    }
    return window;
  }
}
