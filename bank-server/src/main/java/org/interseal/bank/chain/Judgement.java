package org.interseal.bank.chain;

/** What a row at a block's place is, given the chain before it. Never changes. */
public sealed interface Judgement {
  record Valid(ChainedBlock block) implements Judgement {}

  /**
   * Not a block; the next attempt is looked at.
   *
   * @param detail words without personal data, may be empty
   */
  record NoBlock(VoidReason reason, String detail) implements Judgement {}
}
