package org.interseal.bank.founding;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.NewRow;

/**
 * A shared key of the bank, wrapped to one node. Stored as a statement signed by the bank's certifying key, so that
 * nobody else can hand a node a key.
 *
 * @param v format version, 1
 * @param node the wire name of the party whose encryption key opens it
 * @param kind what it is
 * @param name the encryption key's id, or the period
 * @param sequence the epoch of an encryption key, or the period's number, from 1
 * @param wrapped sealed to the node's key, bound to all of the above
 */
record WrappedKey(int v, BankId bank, String node, Kind kind, String name, int sequence, Bytes wrapped) {
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
    Objects.requireNonNull(kind);
    Objects.requireNonNull(name);
    Objects.requireNonNull(wrapped);
  }

  /** What the wrapping is bound to. */
  static Bytes context(BankId bank, Party node, Kind kind, String name, int sequence) {
    return Bytes.utf8("interseal wrapped key v1|" + bank + "|" + node.wire() + "|" + kind + "|" + name + "|" + sequence);
  }

  /**
   * The row in {@code wrapped_keys}. Its id names what is wrapped and to whom, not the bytes, so that wrapping the same
   * key again finds the row already there.
   */
  NewRow row(SigningKey certifyingKey, String nodeName) {
    String id =
        Bytes.sha256OfFields(
                "interseal wrapped key row v1",
                Bytes.utf8(bank.value()),
                Bytes.utf8(node),
                Bytes.utf8(kind.name()),
                Bytes.utf8(name))
            .toBase64Url();
    return new NewRow(
        nodeName, id, SignedStatement.sign(STATEMENT_TYPE, ProtocolJson.encode(this), certifyingKey));
  }
}
