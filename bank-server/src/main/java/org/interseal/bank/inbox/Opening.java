package org.interseal.bank.inbox;

import java.util.List;
import org.interseal.bank.ledger.LedgerInput;

/** What opening one envelope came to. */
public sealed interface Opening {
  /**
   * Opened and proved.
   *
   * @param inputs in the order of the letter; at least one
   */
  record Proved(List<LedgerInput> inputs) implements Opening {
    public Proved {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * Not to be believed, for a reason that stays inside the bank.
   *
   * @param hope what could still prove it
   */
  record Refused(String reason, Hope hope) implements Opening {}

  /** What could make a message that is not believed now believable. */
  enum Hope {
    NONE,
    /**
     * Its author may be one that we are about to learn of: a device just linked, a node just
     * certified.
     */
    NEW_AUTHOR,
    /**
     * It is sealed to a key that nobody has published as ours yet. Anybody can make such a message
     * at no cost.
     */
    NEW_KEY,
    /**
     * It is sealed to a key that is published as ours and that this server lacks: who sealed it did
     * right, so that the message waits until the key is here.
     */
    OUR_KEY
  }
}
