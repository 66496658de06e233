package org.interseal.architecture.planted.bank.ledger;

import java.nio.file.Path;
import org.interseal.architecture.planted.bank.inbox.PlantedInbox;
import org.interseal.architecture.planted.branch.PlantedBranch;

/** A ledger with floating point, files, a service and a cycle. */
public final class PlantedLedger {
  public final double amount = 1;

  public String file(Path path) {
    return path.getFileName() + new PlantedBranch().other() + new PlantedInbox().amount();
  }
}
