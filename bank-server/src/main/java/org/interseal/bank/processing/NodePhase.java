package org.interseal.bank.processing;

/** What a server is doing. */
public sealed interface NodePhase {
  /** Reads the chain, or waits for the store to let it. */
  record Starting() implements NodePhase {}

  /** Another server writes; this one follows the chain. */
  record Following() implements NodePhase {}

  /** Decides and appends. */
  record Writing() implements NodePhase {}

  /** Waits for an operator. */
  record Halted(String why) implements NodePhase {}

  record Stopped() implements NodePhase {}
}
