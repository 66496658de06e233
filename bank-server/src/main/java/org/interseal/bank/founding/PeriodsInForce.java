package org.interseal.bank.founding;

import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * Which of the ledger's periods a server writes and which it forgets; a statement signed by the
 * bank's certifying key, in the server's stream of {@code wrapped_keys}. Both numbers only rise: an
 * earlier statement that is shown again changes nothing.
 *
 * @param v format version, 1
 * @param node the wire name of the server
 * @param current blocks are written under this period's key or a later one: every server has it
 * @param retired keys of periods up to this one are destroyed; 0 for none
 */
record PeriodsInForce(int v, BankId bank, String node, int current, int retired) {
  static final int VERSION = 1;
  static final String STATEMENT_TYPE = "interseal-periods-in-force";

  PeriodsInForce {
    if (v != VERSION) {
      throw new IllegalArgumentException("periods in force of format version " + v);
    }
    if (current < 1 || retired < 0 || retired >= current) {
      throw new IllegalArgumentException("periods " + current + " and " + retired);
    }
  }

  String sign(SigningKey certifyingKey) {
    return SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(this), certifyingKey);
  }

  static PeriodsInForce verify(String body, VerificationKey certifyingKey)
      throws CryptoFailure, MalformedMessage {
    return ProtocolJson.decode(
        SignedStatement.verify(body, STATEMENT_TYPE, certifyingKey), PeriodsInForce.class);
  }
}
