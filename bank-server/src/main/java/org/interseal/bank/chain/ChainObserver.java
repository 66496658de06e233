package org.interseal.bank.chain;

/** Hears of what honest servers do not cause, for counters and alarms. Must return at once. */
@FunctionalInterface
public interface ChainObserver {
  ChainObserver NONE = (place, reason, detail) -> {};

  /** A row was found void; called again whenever the row is passed again. */
  void voidRow(ChainPlace place, VoidReason reason, String detail);
}
