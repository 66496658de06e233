package org.interseal.bank.founding;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;

/**
 * Who acts for a bank, as its certifying key signed it.
 *
 * @param v format version, 1
 * @param operators 2 to {@value #MAX_OPERATORS}, of different names and keys: nobody is two of them
 */
public record OperatorPolicy(int v, BankId bank, List<Operator> operators) {
  static final int VERSION = 1;
  static final int MAX_OPERATORS = 32;
  private static final String STATEMENT_TYPE = "interseal-operators";

  public OperatorPolicy {
    operators = List.copyOf(operators);
    Set<String> names = new HashSet<>();
    Set<Bytes> keys = new HashSet<>();
    operators.forEach(operator -> {
      names.add(operator.name());
      keys.add(operator.key());
    });
    if (v != VERSION) {
      throw new IllegalArgumentException("operators of format version " + v);
    }
    if (operators.size() < 2 || operators.size() > MAX_OPERATORS) {
      throw new IllegalArgumentException(
          "a bank has 2 to " + MAX_OPERATORS + " operators: nobody approves what they asked for");
    }
    if (names.size() != operators.size() || keys.size() != operators.size()) {
      throw new IllegalArgumentException("two operators with one name or one key");
    }
  }

  static OperatorPolicy of(BankId bank, List<Operator> operators) {
    return new OperatorPolicy(VERSION, bank, operators);
  }

  String sign(SigningKey certifying) {
    return SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(this), certifying);
  }

  static OperatorPolicy verify(String statement, BankId bank, VerificationKey certifying)
      throws RefusedByBank {
    try {
      OperatorPolicy policy =
          ProtocolJson.decode(
              SignedStatement.verify(statement, STATEMENT_TYPE, certifying), OperatorPolicy.class);
      if (policy.bank().equals(bank)) {
        return policy;
      }
    } catch (CryptoFailure | MalformedMessage e) {
      throw new RefusedByBank("the list of operators was not signed by " + bank, e);
    }
    throw new RefusedByBank("the list of operators is another bank's");
  }

  Optional<Operator> named(String name) {
    return operators.stream().filter(operator -> operator.name().equals(name)).findFirst();
  }

  /** The operator who signed a statement of that type, when it is one. */
  Operator signer(String statement, String type) throws RefusedByBank {
    for (Operator operator : operators) {
      try {
        if (operator.verificationKey().id().equals(SignedStatement.claimedKey(statement))) {
          var _ = SignedStatement.verify(statement, type, operator.verificationKey());
          return operator;
        }
      } catch (CryptoFailure e) {
        throw new RefusedByBank("a signature is wrong: the text was altered", e);
      }
    }
    throw new RefusedByBank("not signed by an operator of " + bank);
  }
}
