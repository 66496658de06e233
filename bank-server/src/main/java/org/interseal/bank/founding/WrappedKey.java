package org.interseal.bank.founding;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.NewRow;

/**
 * A shared key of the bank, wrapped to one node. Stored as a statement signed by the bank's
 * certifying key, so that nobody else can hand a node a key.
 *
 * @param v format version, 1
 * @param node the wire name of the party that it is for, or of the bank's {@link RecoveryKey}
 * @param recipient which of the node's encryption keys opens it
 * @param kind what it is
 * @param name the encryption key's id, or the period
 * @param sequence the epoch of an encryption key, or the period's number, from 1
 * @param wrapped sealed to the node's key, bound to all of the above
 */
record WrappedKey(
    int v,
    BankId bank,
    String node,
    KeyId recipient,
    Kind kind,
    String name,
    int sequence,
    Bytes wrapped) {
  static final int VERSION = 1;
  static final String STATEMENT_TYPE = "interseal-wrapped-key";

  /** What is wrapped. */
  enum Kind {
    @JsonProperty("encryption")
    ENCRYPTION,
    @JsonProperty("period")
    PERIOD
  }

  WrappedKey {
    if (v != VERSION) {
      throw new IllegalArgumentException("a wrapped key of format version " + v);
    }
    Objects.requireNonNull(bank);
    Objects.requireNonNull(node);
    Objects.requireNonNull(recipient);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(name);
    Objects.requireNonNull(wrapped);
  }

  /** What the wrapping is bound to. */
  static Bytes context(
      BankId bank, Party node, KeyId recipient, Kind kind, String name, int sequence) {
    return context(bank, node.wire(), recipient, kind, name, sequence);
  }

  /**
   * @param holder wire name of a node, or of the bank's {@link RecoveryKey}
   */
  static Bytes context(
      BankId bank, String holder, KeyId recipient, Kind kind, String name, int sequence) {
    return Bytes.utf8(
        String.join(
            "|",
            "interseal wrapped key v1",
            bank.value(),
            holder,
            recipient.value(),
            kind.name(),
            name,
            Integer.toString(sequence)));
  }

  /** The statement: what a row's body is. */
  String sign(SigningKey certifyingKey) {
    return SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(this), certifyingKey);
  }

  /** Reads a row's body, when the bank's certifying key signed it. */
  static WrappedKey verify(String body, VerificationKey certifyingKey)
      throws CryptoFailure, MalformedMessage {
    return ProtocolJson.decode(
        SignedStatement.verify(body, STATEMENT_TYPE, certifyingKey), WrappedKey.class);
  }

  /**
   * The row in {@code wrapped_keys}. Its id names the bytes, so that nobody can keep it out by
   * taking the id.
   */
  static NewRow row(String nodeName, String body, int attempt) {
    String id =
        Bytes.sha256OfFields(
                "interseal wrapped key row v1",
                Bytes.utf8(nodeName),
                Bytes.utf8(body),
                Bytes.utf8(Integer.toString(attempt)))
            .toBase64Url();
    return new NewRow(nodeName, id, body);
  }
}
