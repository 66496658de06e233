package org.interseal.crypto;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.interseal.identity.PartyRole;

/**
 * An X.509 chain, end certificate first, root left out, each DER.
 *
 * <p>{@code [bank]} for a bank, {@code [internal CA, bank]} for its internal CA, {@code [node,
 * internal CA, bank]} for servers, gateways and branches.
 *
 * @param certificates one to three certificates
 */
public record CertificateChain(List<Bytes> certificates) {
  private static final int MAX_CERTIFICATES = 3;

  public CertificateChain {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
      throw new IllegalArgumentException("a chain of " + certificates.size() + " certificates");
    }
  }

  /**
   * Validates the path to {@code root} (RFC 5280 section 6) and the federation's profile: roles in
   * their order, one bank throughout, key usages, path lengths, validity at {@code at}.
   *
   * <p>Revocation is not looked at: node revocations are statements of the bank, which the caller
   * knows.
   *
   * @throws CertificateRejected with the first thing that is wrong
   */
  public CertifiedParty validate(RootCertificate root, PartyRole expected, Instant at)
      throws CertificateRejected {
    List<PartyRole> roles = rolesOf(expected);
    ParsedCertificate.require(
        certificates.size() == roles.size(),
        "a chain of " + certificates.size() + " certificates for a " + expected.code());
    ParsedCertificate anchor = ParsedCertificate.parse(root.der());
    ParsedCertificate.require(
        anchor.role() == PartyRole.AUTHORITY, "a root that is no authority's");
    anchor.checkValidAt(at);

    List<ParsedCertificate> parsed = new ArrayList<>();
    for (Bytes der : certificates) {
      parsed.add(ParsedCertificate.parse(der));
    }
    for (int i = 0; i < roles.size(); i++) {
      ParsedCertificate certificate = parsed.get(i);
      ParsedCertificate.require(
          certificate.role() == roles.get(i),
          "a " + certificate.role().code() + " where a " + roles.get(i).code() + " belongs");
      ParsedCertificate.require(
          certificate.bank().equals(parsed.getLast().bank()), "a certificate under another bank");
    }
    for (int i = 0; i < parsed.size(); i++) {
      ParsedCertificate certificate = parsed.get(i);
      certificate.checkIssuedBy(i + 1 < parsed.size() ? parsed.get(i + 1) : anchor);
      certificate.checkValidAt(at);
    }
    validatePath(anchor, parsed, at);

    ParsedCertificate end = parsed.getFirst();
    return new CertifiedParty(
        end.party(),
        end.key(),
        end.encryptionKey(),
        end.holder().getSerialNumber().toString(16).toLowerCase(Locale.ROOT),
        end.notAfter());
  }

  private static List<PartyRole> rolesOf(PartyRole expected) throws CertificateRejected {
    return switch (expected) {
      case BANK -> List.of(PartyRole.BANK);
      case INTERNAL_CA -> List.of(PartyRole.INTERNAL_CA, PartyRole.BANK);
      case SERVER, GATEWAY, BRANCH -> List.of(expected, PartyRole.INTERNAL_CA, PartyRole.BANK);
      case AUTHORITY, DEVICE ->
          throw new CertificateRejected("a " + expected.code() + " has no certificate chain");
    };
  }

  private static void validatePath(
      ParsedCertificate anchor, List<ParsedCertificate> parsed, Instant at)
      throws CertificateRejected {
    List<X509Certificate> path = new ArrayList<>();
    for (ParsedCertificate certificate : parsed) {
      path.add(certificate.forPathValidation());
    }
    try {
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      PKIXParameters parameters =
          new PKIXParameters(Set.of(new TrustAnchor(anchor.forPathValidation(), null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(at));
      parameters.addCertPathChecker(new RoleIsChecked());
      var _ = CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
    } catch (CertPathValidatorException e) {
      throw new CertificateRejected("no valid path to the root: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform validates PKIX paths", e);
    }
  }

  /** Tells the platform that somebody looks at our critical extension: the profile's checks did. */
  private static final class RoleIsChecked extends PKIXCertPathChecker {
    @Override
    public void init(boolean forward) {}

    @Override
    public boolean isForwardCheckingSupported() {
      return true;
    }

    @Override
    public Set<String> getSupportedExtensions() {
      return Set.of(Profile.ROLE.getId());
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions) {
      unresolvedCriticalExtensions.remove(Profile.ROLE.getId());
    }
  }
}
