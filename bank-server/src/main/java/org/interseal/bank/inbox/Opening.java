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
   * @param mayChange whether newer knowledge (a device just linked, a node just certified, a key just unwrapped)
   *     could still prove it
   */
  record Refused(String reason, boolean mayChange) implements Opening {}
}
