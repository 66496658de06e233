package org.interseal.launcher.period;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.crypto.SecretKey256;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * What is closed of one chain, and what of that the store still has.
 *
 * @param closed empty when no period was closed
 * @param oldest the first row of the chain
 * @param chunksKept whether there are snapshots of closed periods
 */
record PeriodState(
    ChainIdentity chain,
    Optional<ClosedPart> closed,
    Optional<ChainPlace> oldest,
    boolean chunksKept) {
  private static final int PAGE = 64;

  /** All chains of a bank. */
  static List<PeriodState> of(FoundingAccess bank) throws IOException, StoreUnavailable {
    return of(bank, _ -> true);
  }

  /**
   * As somebody sees them who has only some periods' keys.
   *
   * @param has by name
   */
  private static List<PeriodState> of(FoundingAccess bank, Predicate<String> has)
      throws IOException, StoreUnavailable {
    int partitions =
        bank.banks()
            .bank(bank.bank())
            .orElseThrow(() -> new IOException(bank.bank() + " has no licence"))
            .partitions();
    List<PeriodState> states = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      states.add(of(bank, new ChainIdentity(bank.bank(), partition), has));
    }
    return states;
  }

  private static PeriodState of(FoundingAccess bank, ChainIdentity chain, Predicate<String> has)
      throws StoreUnavailable {
    Optional<ClosedPart> closed =
        ClosedPart.of(
            chain,
            bank.own(),
            new RegistryNodeTrust(bank.bank(), bank.banks()),
            keys(PeriodExport.periods(bank), has));
    return new PeriodState(
        chain,
        closed,
        PeriodExport.firstPlace(
            ChainPlace.stream(chain.partition()) + ".", bank.own().append(TableName.BLOCKS)),
        closed.isPresent() && keepsChunks(bank, closed.get()));
  }

  private static PeriodKeys keys(PeriodKeys all, Predicate<String> has) {
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return all.currentPeriod();
      }

      @Override
      public Optional<SecretKey256> key(String periodId) throws StoreUnavailable {
        return has.test(periodId) ? all.key(periodId) : Optional.empty();
      }
    };
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

  /** The last period that is closed; 0 when there is none. */
  int lastClosed() {
    return closed.map(part -> part.earlierPeriods().size()).orElse(0);
  }

  /** Whether the store has nothing any more of what is closed. */
  boolean dropped() {
    return closed
        .filter(part -> oldest.isPresent() && oldest.get().height() > part.lastHeight())
        .filter(_ -> !chunksKept)
        .isPresent();
  }

  /**
   * The last period whose key no server needs: closed and dropped in every chain of the bank, with
   * an opening that can be read without it. 0 when no period was closed.
   *
   * @throws IOException when something that is closed was not dropped
   */
  static int lastRetirable(FoundingAccess bank) throws IOException, StoreUnavailable {
    List<PeriodState> states = of(bank);
    int last = states.stream().mapToInt(PeriodState::lastClosed).min().orElse(0);
    for (PeriodState state : states) {
      if (last > 0 && !state.dropped()) {
        throw new IOException(
            "no key is retired: the store still has what is closed of "
                + state.chain()
                + ": export it, then drop it");
      }
    }
    List<String> retired = IntStream.rangeClosed(1, last).mapToObj(Integer::toString).toList();
    for (PeriodState state : of(bank, period -> !retired.contains(period))) {
      if (state.lastClosed() < last) {
        throw new IOException(
            "no key is retired: the opening of " + state.chain() + " is not read without it");
      }
    }
    return last;
  }
}
