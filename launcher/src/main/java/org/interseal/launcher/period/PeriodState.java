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
 * @param kept blocks of that in the store
 * @param chunksKept whether there are snapshots of closed periods
 */
record PeriodState(ClosedParts.OfChain part, ArchivedRows.Kept kept, boolean chunksKept) {
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
              chain.closed().isPresent()
                  ? kept(bank, chain.closed().get(), archives)
                  : ArchivedRows.Kept.NOTHING,
              chain.closed().isPresent() && keepsChunks(bank, chain.closed().get())));
    }
    return states;
  }

  private static ArchivedRows.Kept kept(
      FoundingAccess bank, ClosedPart closed, List<LedgerArchive> archives)
      throws IOException, StoreUnavailable {
    return new ArchivedRows(ArchivedRows.of(closed.chain(), archives))
        .kept(bank.own().append(TableName.BLOCKS), closed.prefix(), closed.endId());
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
    return closed().isPresent() && kept.isNothing() && !chunksKept;
  }

  /**
   * What servers may forget.
   *
   * @param last the last period whose key no server needs: closed and dropped in every chain of the
   *     bank; 0 when there is none
   * @param why there is none, for a person; of no meaning otherwise
   */
  record Retirable(int last, String why) {
    static final Retirable NONE = new Retirable(0, "no period is closed");
  }

  /**
   * @throws IOException when something that is closed was not dropped, or a chain does not prove
   *     what of it is
   */
  static Retirable lastRetirable(FoundingAccess bank, List<LedgerArchive> archives)
      throws IOException, StoreUnavailable {
    return lastRetirable(of(bank, archives));
  }

  static Retirable lastRetirable(List<PeriodState> states) throws IOException {
    for (PeriodState state : states) {
      var _ = state.part().certain();
    }
    int last = states.stream().mapToInt(PeriodState::lastClosed).min().orElse(0);
    if (last == 0) {
      return new Retirable(0, whyNone(states));
    }
    for (PeriodState state : states) {
      if (!state.dropped()) {
        throw new IOException(
            "no key is retired: the store still has what is closed of "
                + state.chain()
                + ": "
                + state.whatToDo(states.size()));
      }
    }
    return new Retirable(last, "");
  }

  private String whatToDo(int partitions) {
    if (partitions > 1) {
      return "of a bank of several ledger partitions nothing is dropped, so its keys stay";
    }
    return kept.missing().isPresent() ? "export it, then drop it" : "drop it";
  }

  private static String whyNone(List<PeriodState> states) {
    List<String> open =
        states.stream()
            .filter(state -> state.lastClosed() == 0)
            .map(state -> state.chain().toString())
            .toList();
    return open.size() == states.size()
        ? "no period is closed"
        : "no period is closed in all ledger partitions: none is in " + String.join(", ", open);
  }
}
