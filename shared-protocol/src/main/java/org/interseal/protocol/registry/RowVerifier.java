package org.interseal.protocol.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificateChain;
import org.interseal.crypto.CertificateRejected;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;

/**
 * Proves single rows against the authority's root. Pure: the same row has the same verdict at any
 * time and in any order, because certificates are validated inside their own validity, and that is
 * kept for later questions.
 */
final class RowVerifier {
  private static final Pattern VERSION = Pattern.compile("^\\{\"v\":([0-9]{1,9})[,}]");

  private final RootCertificate root;
  private final VerificationKey rootKey;

  RowVerifier(RootCertificate root) throws InvalidKeyMaterial {
    this.root = root;
    this.rootKey = root.key();
  }

  sealed interface Verdict {
    record Accepted(Proven proven) implements Verdict {}

    record Refused(Refusal refusal) implements Verdict {}
  }

  /** As {@link #verify(String)}, and the row must stand in the stream where it belongs. */
  Verdict verify(RegistryRow row) {
    // Before any signature: nobody makes readers of the authority's stream check the rows of banks.
    if (row.stream().equals(RegistryRow.AUTHORITY_STREAM)
        && row.body().length() <= RegistryRow.MAX_BODY_LENGTH) {
      try {
        if (!decode(row.body(), RegistryRow.Document.class).kind().ofAuthority()) {
          return new Verdict.Refused(Refusal.WRONG_STREAM);
        }
      } catch (NotProven e) {
        return new Verdict.Refused(e.refusal);
      }
    }
    Verdict verdict = verify(row.body());
    if (verdict instanceof Verdict.Accepted(Proven proven) && !proven.row().equals(row)) {
      return new Verdict.Refused(Refusal.WRONG_STREAM);
    }
    return verdict;
  }

  Verdict verify(String body) {
    try {
      return new Verdict.Accepted(prove(body));
    } catch (NotProven e) {
      return new Verdict.Refused(e.refusal);
    }
  }

  private Proven prove(String body) throws NotProven {
    if (body.length() > RegistryRow.MAX_BODY_LENGTH) {
      throw new NotProven(Refusal.MALFORMED);
    }
    RegistryRow.Document document = decode(body, RegistryRow.Document.class);
    if (document.v() != RegistryRow.Document.VERSION) {
      throw new NotProven(Refusal.UNSUPPORTED_VERSION);
    }
    // A second spelling would be a second row with the same content, and count twice.
    if (!ProtocolJson.encodeText(document).equals(body)) {
      throw new NotProven(Refusal.MALFORMED);
    }
    try {
      return switch (document.kind()) {
        case LICENCE -> licence(body, document);
        case RESOLUTION ->
            new Proven.Resolved(body, statement(document, rootKey, Resolution.class));
        case EPOCH -> epoch(body, document);
        case REVOCATION -> revocation(body, document);
        case NODE -> node(body, document);
      };
    } catch (CertificateRejected | InvalidKeyMaterial e) {
      throw new NotProven(Refusal.BAD_CERTIFICATE);
    }
  }

  private Proven licence(String body, RegistryRow.Document document)
      throws NotProven, CertificateRejected, InvalidKeyMaterial {
    absent(document.chain());
    BankLicence licence = statement(document, rootKey, BankLicence.class);
    CertifiedBank certified = bank(licence.certificate());
    same(licence.bank(), certified.bank);
    return new Proven.Licence(
        body,
        licence,
        certified.key,
        EncryptionKey.fromSpki(licence.encryptionKey()),
        certified.window.and(licence.notBefore(), licence.notAfter().minusMillis(1)));
  }

  private Proven epoch(String body, RegistryRow.Document document)
      throws NotProven, CertificateRejected, InvalidKeyMaterial {
    CertifiedBank certified = bank(certificates(document, 1).getFirst());
    EncryptionEpoch epoch = statement(document, certified.key, EncryptionEpoch.class);
    same(epoch.bank(), certified.bank);
    return new Proven.Epoch(
        body, epoch, EncryptionKey.fromSpki(epoch.encryptionKey()), certified.key.id());
  }

  private Proven revocation(String body, RegistryRow.Document document)
      throws NotProven, CertificateRejected {
    CertifiedBank certified = bank(certificates(document, 1).getFirst());
    NodeRevocation revocation = statement(document, certified.key, NodeRevocation.class);
    same(revocation.bank(), certified.bank);
    return new Proven.Revocation(body, revocation, certified.key.id());
  }

  private Proven node(String body, RegistryRow.Document document)
      throws NotProven, CertificateRejected {
    absent(document.statement());
    List<Bytes> certificates = certificates(document, 3);
    CertificateChain chain = new CertificateChain(certificates);
    Window window = window(certificates);
    CertifiedParty party = validateNode(chain, window);
    CertifiedBank certified = bank(certificates.getLast());
    same(certified.bank, bankOf(party.party()));
    return new Proven.Node(
        body, new NodeCertificates(certified.bank, chain), party, certified.key.id(), window);
  }

  /** The certificate says which role it is for; a chain is never valid for two. */
  private CertifiedParty validateNode(CertificateChain chain, Window window)
      throws CertificateRejected {
    CertificateRejected last = new CertificateRejected("no node");
    for (PartyRole role : List.of(PartyRole.SERVER, PartyRole.GATEWAY, PartyRole.BRANCH)) {
      try {
        return chain.validate(root, role, window.from());
      } catch (CertificateRejected e) {
        last = e;
      }
    }
    throw last;
  }

  /** As {@link BankDirectory#signedByBank}. */
  Optional<Bytes> signedByBank(
      BankId bank, String statementType, String statement, Bytes certificate) {
    try {
      CertifiedBank certified = bank(certificate);
      return certified.bank.equals(bank)
          ? Optional.of(SignedStatement.verify(statement, statementType, certified.key))
          : Optional.empty();
    } catch (CertificateRejected | CryptoFailure e) {
      return Optional.empty();
    }
  }

  private record CertifiedBank(BankId bank, VerificationKey key, Window window) {}

  private CertifiedBank bank(Bytes certificate) throws CertificateRejected {
    Window window = window(List.of(certificate));
    CertifiedParty party =
        new CertificateChain(List.of(certificate)).validate(root, PartyRole.BANK, window.from());
    return new CertifiedBank(bankOf(party.party()), party.key(), window);
  }

  private Window window(List<Bytes> certificates) throws CertificateRejected {
    List<Bytes> withRoot = new ArrayList<>(certificates);
    withRoot.add(root.der());
    return Window.of(withRoot);
  }

  private static BankId bankOf(Party party) throws CertificateRejected {
    BankId bank = party.bank();
    if (bank == null) {
      throw new CertificateRejected("no bank");
    }
    return bank;
  }

  private static <T> T statement(
      RegistryRow.Document document, VerificationKey key, Class<T> payload) throws NotProven {
    String statement = document.statement();
    if (statement == null) {
      throw new NotProven(Refusal.MALFORMED);
    }
    try {
      return decode(
          SignedStatement.verify(statement, document.kind().statementType, key).toUtf8(), payload);
    } catch (CryptoFailure e) {
      throw new NotProven(Refusal.BAD_SIGNATURE);
    }
  }

  private static <T> T decode(String json, Class<T> type) throws NotProven {
    try {
      return ProtocolJson.decode(json, type);
    } catch (MalformedMessage e) {
      var version = VERSION.matcher(json);
      boolean other = version.find() && !version.group(1).equals("1");
      throw new NotProven(other ? Refusal.UNSUPPORTED_VERSION : Refusal.MALFORMED);
    }
  }

  private static List<Bytes> certificates(RegistryRow.Document document, int count)
      throws NotProven {
    List<Bytes> chain = document.chain();
    if (chain == null || chain.size() != count) {
      throw new NotProven(Refusal.MALFORMED);
    }
    return chain;
  }

  private static void absent(@Nullable Object part) throws NotProven {
    if (part != null) {
      throw new NotProven(Refusal.MALFORMED);
    }
  }

  private static void same(BankId stated, BankId certified) throws NotProven {
    if (!stated.equals(certified)) {
      throw new NotProven(Refusal.WRONG_BANK);
    }
  }

  private static final class NotProven extends Exception {
    private static final long serialVersionUID = 1L;
    final Refusal refusal;

    NotProven(Refusal refusal) {
      super(refusal.code(), null, false, false);
      this.refusal = refusal;
    }
  }
}
