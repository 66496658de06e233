package org.interseal.bank.founding;

import java.time.Duration;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * The bank's rules for letting a server join: asked for by one registered operator, approved by
 * another, within {@link #LIFE}, for this bank and this server, and proved by opening the
 * challenge. Pure.
 */
final class EnrolmentDecision {
  /** After that a request is asked anew. */
  static final Duration LIFE = Duration.ofDays(7);

  /** A request may be made by a clock that is ahead by this much. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

  private final BankId bank;
  private final OperatorPolicy policy;

  EnrolmentDecision(BankId bank, OperatorPolicy policy) {
    this.bank = bank;
    this.policy = policy;
  }

  /** A request that a registered operator signed, for this server, and lately. */
  EnrolmentRequest request(String text, Party server, long nowMillis) throws RefusedByBank {
    Operator signer = policy.signer(text, EnrolmentRequest.STATEMENT_TYPE);
    EnrolmentRequest request =
        read(text, EnrolmentRequest.STATEMENT_TYPE, signer, EnrolmentRequest.class);
    if (!request.operator().equals(signer.name())) {
      throw new RefusedByBank("the request is signed by somebody else than it says");
    }
    if (!request.bank().equals(bank) || !request.party().equals(server)) {
      throw new RefusedByBank("the request is not for " + server.wire());
    }
    if (request.atMillis() > nowMillis + CLOCK_TOLERANCE.toMillis()
        || nowMillis - request.atMillis() > LIFE.toMillis()) {
      throw new RefusedByBank("the request has expired: enrol anew");
    }
    var _ = request.keys();
    return request;
  }

  /** Nobody approves what they asked for. */
  void requireSecond(EnrolmentRequest request, Operator approving) throws RefusedByBank {
    Operator asking =
        policy
            .named(request.operator())
            .orElseThrow(() -> new RefusedByBank(request.operator() + " is no operator"));
    if (asking.name().equals(approving.name()) || asking.key().equals(approving.key())) {
      throw new RefusedByBank(
          approving.name() + " asked for it: a second operator has to approve it");
    }
  }

  /** An approval of this very request by another registered operator. */
  EnrolmentApproval approval(String text, String requestText, EnrolmentRequest request)
      throws RefusedByBank {
    Operator signer = policy.signer(text, EnrolmentApproval.STATEMENT_TYPE);
    EnrolmentApproval approval =
        read(text, EnrolmentApproval.STATEMENT_TYPE, signer, EnrolmentApproval.class);
    if (!approval.operator().equals(signer.name())
        || !approval.request().equals(Bytes.sha256(Bytes.utf8(requestText)))) {
      throw new RefusedByBank("the approval is not of this request");
    }
    requireSecond(request, signer);
    return approval;
  }

  /** Who opened the challenge has the encryption key. */
  void requireProof(EnrolmentApproval approval, String answer) throws RefusedByBank {
    try {
      if (Bytes.sha256(Bytes.base64Url(answer)).equals(approval.challenge())) {
        return;
      }
    } catch (IllegalArgumentException e) {
      throw new RefusedByBank("the answer to the challenge is unreadable", e);
    }
    throw new RefusedByBank("the answer to the challenge is wrong");
  }

  private static <T> T read(String text, String type, Operator signer, Class<T> payload)
      throws RefusedByBank {
    try {
      return ProtocolJson.decode(
          SignedStatement.verify(text, type, signer.verificationKey()), payload);
    } catch (CryptoFailure | MalformedMessage e) {
      throw new RefusedByBank("not an " + type.replace("interseal-", ""), e);
    }
  }
}
