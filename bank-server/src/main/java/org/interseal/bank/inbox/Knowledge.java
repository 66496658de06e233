package org.interseal.bank.inbox;

/**
 * What openings rely on and what may lag behind the store: the registry and the bank's own keys.
 */
@FunctionalInterface
public interface Knowledge {
  /** Reads what is new, soon and in the background; many calls at once cost one reading. */
  void refreshSoon();
}
