package org.interseal.bank.chain;

/**
 * A chain cannot be followed or written any further without a person. Retrying changes nothing; the
 * message says what to do.
 */
public final class ChainRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Reason {
    /** A block of a format that the bank approved and this program does not know: update it. */
    UNKNOWN_FORMAT_VERSION,
    /** A certified node wrote under a period key that is not wrapped to this node. */
    PERIOD_KEY_MISSING,
    /** {@link ChainPlace#MAX_ATTEMPTS} void rows at one height: somebody squats rows. */
    TOO_MANY_VOID_ROWS,
    /** The store shows another block than the one that this server remembers. */
    DIFFERS_FROM_MEMORY,
    /**
     * The store has rows of the chain, but neither its beginning nor an opening that can be used.
     */
    BEGINNING_MISSING,
    /** This node itself is not certified (any more) to write the chain. */
    NOT_CERTIFIED
  }

  private final Reason reason;

  public ChainRefused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
