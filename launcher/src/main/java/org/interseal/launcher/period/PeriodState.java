package org.interseal.launcher.period;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.launcher.verify.ClosedParts;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * What is closed of one chain, and what of that the store still has.
 *
 * @param part what is closed
 * @param oldest the first row of the chain
 * @param chunksKept whether there are snapshots of closed periods
 */
record PeriodState(ClosedParts.OfChain part, Optional<ChainPlace> oldest, boolean chunksKept) {
  private static final int PAGE = 64;

  /**
   * All chains of a bank.
   *
   * @param archives of what the store has no more
   */
  static List<PeriodState> of(FoundingAccess bank, List<LedgerArchive> archives)
      throws IOException, StoreUnavailable {
    List<PeriodState> states = new ArrayList<>();
    for (ClosedParts.OfChain chain : ClosedParts.of(bank, archives)) {
      states.add(
          new PeriodState(
              chain,
              PeriodExport.firstPlace(
                  ClosedPart.prefix(chain.chain()), bank.own().append(TableName.BLOCKS)),
              chain.closed().isPresent() && keepsChunks(bank, chain.closed().get())));
    }
    return states;
  }

  private static boolean keepsChunks(FoundingAccess bank, ClosedPart closed)
      throws StoreUnavailable {
    AppendTable snapshots = bank.own().append(TableName.SNAPSHOTS);
    String stream = ChainPlace.stream(closed.chain().partition());
    List<String> starts = closed.earlierPeriods().stream().map(each -> "1." + each + ".").toList();
    Position at = Position.START;
    for (List<Row> page = snapshots.readAfter(stream, at, PAGE);
        !page.isEmpty();
        page = snapshots.readAfter(stream, at, PAGE)) {
      if (page.stream().anyMatch(row -> starts.stream().anyMatch(row.body()::startsWith))) {
        return true;
      }
      at = page.getLast().position();
    }
    return false;
  }

  ChainIdentity chain() {
    return part.chain();
  }

  /** Empty when nothing is closed, or nobody can tell. */
  Optional<ClosedPart> closed() {
    return part.closed();
  }

  /** The last period that is closed; 0 when there is none. */
  int lastClosed() {
    return closed().map(closed -> closed.period() - 1).orElse(0);
  }

  /** Whether the store has nothing any more of what is closed. */
  boolean dropped() {
    return closed()
        .filter(closed -> oldest.isPresent() && oldest.get().height() > closed.lastHeight())
        .filter(_ -> !chunksKept)
        .isPresent();
  }

  /**
   * The last period whose key no server needs: closed and dropped in every chain of the bank. 0
   * when no period was closed.
   *
   * @throws IOException when something that is closed was not dropped, or a chain does not prove
   *     what of it is
   */
  static int lastRetirable(FoundingAccess bank, List<LedgerArchive> archives)
      throws IOException, StoreUnavailable {
    List<PeriodState> states = of(bank, archives);
    int last = Integer.MAX_VALUE;
    for (PeriodState state : states) {
      var _ = state.part().certain();
      last = Math.min(last, state.lastClosed());
    }
    for (PeriodState state : states) {
      if (last > 0 && !state.dropped()) {
        throw new IOException(
            "no key is retired: the store still has what is closed of "
                + state.chain()
                + ": export it, then drop it");
      }
    }
    return states.isEmpty() ? 0 : last;
  }
}
