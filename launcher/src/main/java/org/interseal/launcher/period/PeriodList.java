package org.interseal.launcher.period;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.interseal.bank.founding.BankFounding;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.store.StoreUnavailable;

/** What an operator is told of a bank's periods. */
final class PeriodList {
  private final FoundingAccess bank;
  private final List<LedgerArchive> archives;

  PeriodList(FoundingAccess bank, List<LedgerArchive> archives) {
    this.bank = bank;
    this.archives = List.copyOf(archives);
  }

  List<String> lines() throws IOException, StoreUnavailable {
    List<LedgerArchive.Header> exported = headers();
    List<String> lines = new ArrayList<>();
    BankFounding.Periods keys = bank.founding().periods();
    for (PeriodState state : PeriodState.of(bank, archives)) {
      for (int period = 1; period <= keys.newest(); period++) {
        lines.add(
            "%s period %d: %s, %s"
                .formatted(
                    state.chain(), period, state(state, period, keys), holders(period, keys)));
      }
      state
          .part()
          .doubt()
          .ifPresent(why -> lines.add(state.chain() + ": what is closed cannot be told: " + why));
      state.closed().ifPresent(closed -> lines.add(closedPart(state, closed, exported)));
    }
    return lines;
  }

  private static String state(PeriodState state, int period, BankFounding.Periods keys) {
    if (period > keys.begun()) {
      return "not begun";
    }
    if (state.part().doubt().isPresent()) {
      return "begun";
    }
    if (period > state.lastClosed()) {
      return "open";
    }
    return state.dropped() ? "closed and dropped" : "closed";
  }

  private static String holders(int period, BankFounding.Periods keys) {
    return period <= keys.retired()
        ? "key in the founding vault, retired at servers"
        : "key in the founding vault and at servers";
  }

  private static String closedPart(
      PeriodState state, ClosedPart closed, List<LedgerArchive.Header> exported) {
    return "%s: closed up to block %d, by block %d; %s; %s"
        .formatted(
            state.chain(),
            closed.lastHeight(),
            closed.closedAt().height(),
            stored(state),
            archived(closed, exported));
  }

  private static String stored(PeriodState state) {
    if (state.kept().missing().isPresent()) {
      return "in the store and in no archive from block " + state.kept().missing().getAsLong();
    }
    return state.kept().archived() ? "in the store, and archived" : "none of that is in the store";
  }

  /** Whether archives follow each other from the first block on. */
  private static String archived(ClosedPart closed, List<LedgerArchive.Header> exported) {
    long to = 0;
    for (LedgerArchive.Header header : exported) {
      if (header.chain().equals(closed.chain()) && header.firstHeight() <= to + 1) {
        to = Math.max(to, header.lastHeight());
      }
    }
    return to == 0 ? "in no archive that was named" : "in archives up to block " + to;
  }

  private List<LedgerArchive.Header> headers() {
    return archives.stream()
        .map(LedgerArchive::header)
        .sorted(Comparator.comparingLong(LedgerArchive.Header::firstHeight))
        .toList();
  }
}
