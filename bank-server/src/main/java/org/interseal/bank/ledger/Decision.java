package org.interseal.bank.ledger;

import java.util.List;

/**
 * What the ledger decides about one input. Nothing has changed yet: the caller applies the events.
 *
 * @param events in order; they alone change the state, now and when the block is folded again
 * @param owed messages to send once the block stands
 * @param outcome for counters, for example {@code accepted}, {@code AM04}, {@code duplicate}
 */
public record Decision(List<LedgerEvent> events, List<Owed> owed, String outcome) {
  public Decision {
    events = List.copyOf(events);
    owed = List.copyOf(owed);
  }
}
