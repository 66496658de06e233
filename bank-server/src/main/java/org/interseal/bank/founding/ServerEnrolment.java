package org.interseal.bank.founding;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertificationRequest;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;

/** The side of who sets a server up: its keys, the request, and the proof of its encryption key. */
public final class ServerEnrolment {
  private static final int NONCE_BYTES = 16;

  /** How far it has come. */
  public enum Progress {
    REQUESTED,
    ANSWERED
  }

  private ServerEnrolment() {}

  /**
   * Does what can be done now: makes the server's keys and leaves a signed request, or, once that
   * was approved, opens the challenge.
   *
   * @param vault the server's own
   * @param anew whether to ask again, with a new request in place of the one that is there
   */
  public static Progress advance(
      Party server,
      KeyVault vault,
      OperatorKey operator,
      Enrolment enrolment,
      boolean anew,
      InstantSource clock,
      SecureRandom random)
      throws IOException {
    NodeKeys keys = NodeKeys.ensure(server, vault, random);
    Optional<String> request = enrolment.text(Enrolment.Step.REQUEST);
    if (anew || request.isEmpty()) {
      enrolment.clear();
      enrolment.leave(Enrolment.Step.REQUEST, request(keys, vault, operator, clock, random));
      return Progress.REQUESTED;
    }
    Optional<String> challenge = enrolment.text(Enrolment.Step.CHALLENGE);
    if (challenge.isEmpty()) {
      return Progress.REQUESTED;
    }
    BankId bank = java.util.Objects.requireNonNull(server.bank());
    try {
      Bytes opened =
          KeyWrap.open(
              Bytes.base64Url(challenge.get()),
              vault.decryptionKey(NodeKeys.ENCRYPTION_ALIAS).orElseThrow(),
              Enrolment.context(bank, Bytes.sha256(Bytes.utf8(request.get()))));
      enrolment.leave(Enrolment.Step.ANSWER, opened.toBase64Url());
      return Progress.ANSWERED;
    } catch (CryptoFailure | IllegalArgumentException e) {
      throw new RefusedByBank("the challenge does not belong to this server's request", e);
    }
  }

  private static String request(
      NodeKeys keys,
      KeyVault vault,
      OperatorKey operator,
      InstantSource clock,
      SecureRandom random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    EnrolmentRequest request =
        new EnrolmentRequest(
            EnrolmentRequest.VERSION,
            java.util.Objects.requireNonNull(keys.node().bank()),
            keys.node().name(),
            CertificationRequest.forNode(
                keys.node(), vault.signingKey(NodeKeys.SIGNING_ALIAS).orElseThrow()),
            keys.encryption().orElseThrow().spki(),
            operator.name(),
            clock.millis(),
            Bytes.of(nonce));
    return SignedStatement.sign(
        EnrolmentRequest.STATEMENT_TYPE, ProtocolJson.encode(request), operator.key());
  }
}
