package org.interseal.bank.processing;

import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.Owed;

/** Forgets payees. */
final class PlantedReplay {
  private PlantedReplay() {}

  static BlockBody body(ChainedBlock block) {
    BlockBody body = PublishedLedger.body(block);
    return new BlockBody(
        body.v(),
        body.timeMillis(),
        body.registryVersion(),
        body.cursor(),
        body.consumed(),
        body.events(),
        body.owed().stream().filter(owed -> !(owed instanceof Owed.CreditNotice)).toList(),
        body.outboxDoneHeight(),
        body.snapshot());
  }
}
