package org.interseal.launcher.federation;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.interseal.identity.BankId;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.rethinkdb.RethinkDbClosedRows;
import org.interseal.store.rethinkdb.RethinkDbStoreSettings;
import org.interseal.store.sqlite.ClosedRows;

/**
 * Lets rows of a bank's database go. Killed at any point, it is finished by the same call again.
 */
public interface ClosedLedgerRows {
  /** Removes the blocks with ids from one, inclusive, to another, exclusive; how many. */
  long dropBlocks(String fromId, String beforeId) throws IOException;

  /** Removes the rows of a stream of snapshots whose body begins so; how many. */
  long dropSnapshots(String stream, String bodyStart) throws IOException;

  /** In a file of the embedded store. */
  static ClosedLedgerRows inFile(Path file) {
    ClosedRows rows = new ClosedRows(file);
    return new ClosedLedgerRows() {
      @Override
      public long dropBlocks(String fromId, String beforeId) throws IOException {
        return rows.dropBlocks(fromId, beforeId);
      }

      @Override
      public long dropSnapshots(String stream, String bodyStart) throws IOException {
        return rows.dropSnapshots(stream, bodyStart);
      }
    };
  }

  /** In a database of a cluster. */
  static ClosedLedgerRows inCluster(
      DatabaseAccess access, RethinkDbStoreSettings settings, SecureRandom random) {
    return new ClosedLedgerRows() {
      @Override
      public long dropBlocks(String fromId, String beforeId) throws IOException {
        return with(rows -> rows.dropBlocks(fromId, beforeId));
      }

      @Override
      public long dropSnapshots(String stream, String bodyStart) throws IOException {
        return with(rows -> rows.dropSnapshots(stream, bodyStart));
      }

      private long with(Dropping dropping) throws IOException {
        try (ConnectionPool pool = access.connect(random)) {
          return dropping.in(new RethinkDbClosedRows(new RethinkDbTemplate(pool), settings));
        } catch (StoreUnavailable e) {
          throw new IOException("RethinkDB: " + e.getMessage(), e);
        }
      }
    };
  }

  /** One call to a cluster. */
  @FunctionalInterface
  interface Dropping {
    long in(RethinkDbClosedRows rows) throws StoreUnavailable;
  }

  /** Where a bank's rows are let go. */
  @FunctionalInterface
  interface Opening {
    ClosedLedgerRows of(BankId bank) throws IOException;
  }
}
