package org.interseal.bank.processing;

import org.interseal.bank.chain.ChainRefused;

/** The server cannot write without a person. The message says what to do. */
final class Halt extends Exception {
  private static final long serialVersionUID = 1L;

  /** What it means for the bank's other servers. */
  enum Kind {
    /** Of this server: another one may go on. */
    FAULT,
    /** This server has no voice any more. */
    EVICTED,
    /**
     * The store lost blocks that this server knows: who does not know them would fork the chain.
     */
    HISTORY_LOST
  }

  private final Kind kind;

  Halt(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static Halt refused(ChainRefused.Reason reason, String detail) {
    return new Halt(
        reason == ChainRefused.Reason.DIFFERS_FROM_MEMORY ? Kind.HISTORY_LOST : Kind.FAULT, detail);
  }

  Kind kind() {
    return kind;
  }
}
