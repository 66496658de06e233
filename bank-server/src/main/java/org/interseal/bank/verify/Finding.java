package org.interseal.bank.verify;

import org.interseal.identity.BankId;

/**
 * A place where history is not as it should be.
 *
 * @param height of the block, or of the one that should be there; 0 where no block is meant
 * @param detail words without personal data
 */
public record Finding(BankId bank, int partition, long height, Problem problem, String detail) {
  /** What is wrong. */
  public enum Problem {
    /** What stands there is not a valid block, though history needs one there or pretends to. */
    BROKEN_BLOCK,
    /** No row where history goes on behind. */
    MISSING_BLOCK,
    /** Two rows that are both valid at one height: a certified node wrote a second history. */
    FORKED,
    /** A row whose id is no place of any chain of the bank. */
    STRAY_ROW,
    /** This program or its keys are not enough to judge. */
    UNREADABLE,
    /** The balances of a currency do not add up to zero. */
    NOT_CONSERVED,
    /** What two banks say of each other differs by more than what is in flight. */
    MIRROR_BROKEN,
    /**
     * The chain ends below a head that another bank's chain remembers, or has another block there.
     */
    PEER_HEAD_CONTRADICTED,
    /** A chain names a bank whose books were not given. */
    BOOKS_MISSING
  }

  @Override
  public String toString() {
    return bank
        + " partition "
        + partition
        + " height "
        + height
        + ": "
        + problem
        + (detail.isEmpty() ? "" : ", " + detail);
  }
}
