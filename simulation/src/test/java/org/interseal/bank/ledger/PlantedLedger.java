package org.interseal.bank.ledger;

import org.pcollections.TreePMap;

/** A ledger that forgets. */
final class PlantedLedger {
  private PlantedLedger() {}

  static TreePMap<Long, IncomingPair.Received> received(IncomingPair pair) {
    return TreePMap.empty();
  }
}
