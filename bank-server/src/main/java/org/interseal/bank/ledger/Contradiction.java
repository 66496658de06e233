package org.interseal.bank.ledger;

/** Kinds of evidence against a counterparty or against the authority's word. */
enum Contradiction {
  /** A transfer number came with other content than the first time. */
  OTHER_TRANSFER("other-transfer"),
  /** A report echoes another digest than the transfer's. */
  OTHER_DIGEST_REPORTED("other-digest-reported"),
  /** A report says the opposite of the first terminal answer. */
  OTHER_ANSWER("other-answer"),
  /** Two chain heads of one height. */
  FORK("fork"),
  /** The authority's resolution disagrees with how our transfer ended. */
  RESOLVED_OUTGOING("resolved-outgoing"),
  /** The authority's resolution disagrees with how we answered a transfer. */
  RESOLVED_INCOMING("resolved-incoming");

  private final String code;

  Contradiction(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }

  static Contradiction of(String code) {
    for (Contradiction kind : values()) {
      if (kind.code.equals(code)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown kind of contradiction");
  }
}
