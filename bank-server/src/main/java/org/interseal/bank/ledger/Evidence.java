package org.interseal.bank.ledger;

import org.interseal.protocol.json.ProtocolJson;

/** Spells evidence, bounded. */
final class Evidence {
  static final int MAX_LENGTH = 4_096;

  private Evidence() {}

  /** What a node of the counterparty said. */
  static String of(String node, Object message) {
    return Deciding.cut(node + " " + ProtocolJson.encodeText(message), MAX_LENGTH);
  }

  static String of(String signedStatement) {
    return Deciding.cut(signedStatement, MAX_LENGTH);
  }
}
