package org.interseal.launcher.federation;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/** The databases of a federation on this machine. */
public sealed interface FederationStores extends FederationStoreOpening
    permits EmbeddedStores, RethinkDbStores {
  /** Makes the shared database where it is missing. */
  void prepareShared() throws IOException;

  /** Makes the bank's own database where it is missing, and the users that its nodes need. */
  void prepareBank(BankId bank, List<Party> nodes) throws IOException;

  /** The settings by which a service finds its stores. */
  List<String> settings();

  /** As {@link #settings()}, for this server, gateway or branch of a bank. */
  List<String> settings(Party node);

  /**
   * Takes the database user of a node away; words for the operator. Harmless when it was done
   * before.
   */
  String revokeUser(Party node) throws IOException;

  /** How many rows every table has, over all databases. */
  Map<String, Long> countRows(List<BankId> banks) throws IOException;

  /** A table beside them that is removed again. */
  ScratchTable openScratch() throws IOException;

  /** What lets rows of a bank go that are closed, exported and verified. */
  ClosedLedgerRows closedRows(BankId bank);

  /** Removes everything that is not in the data directory. */
  void drop(List<BankId> banks) throws IOException;
}
