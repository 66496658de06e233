package org.interseal.launcher.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.tag.TaggedEnvelope;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Holds the tables that members share against what chains and the authority relied on in them.
 *
 * <p>Whoever may write there may leave any row under any free id, so a row that is not what its id
 * says means nothing by itself: it is counted. What was relied on must still be there, byte for
 * byte: each message that a block consumed, as many proven records as a block had before it, and
 * every statement of the authority's journal.
 */
final class SharedTablesCheck {
  /** Attempts under which a writer may have filed a row. */
  private static final int MAX_ATTEMPTS = 16;

  private static final Comparator<Row> OLDEST = Comparator.comparing(Row::position);

  private final Store shared;
  private final BankDirectory directory;
  private final List<BadPlace> bad = new ArrayList<>();
  private final List<VerifyReport.Note> notes = new ArrayList<>();

  private SharedTablesCheck(Store shared, BankDirectory directory) {
    this.shared = shared;
    this.directory = directory;
  }

  record Result(List<BadPlace> bad, List<VerifyReport.Note> notes) {}

  /**
   * @param journaled rows that the authority has decided to publish
   */
  static Result of(
      Store shared,
      BankDirectory directory,
      Map<ChainIdentity, Reliance> chains,
      List<AuthorityJournal.Statement> journaled)
      throws StoreUnavailable {
    SharedTablesCheck check = new SharedTablesCheck(shared, directory);
    check.records(chains, journaled);
    check.messages(chains);
    return new Result(check.bad, check.notes);
  }

  private record Consumed(ChainIdentity chain, long height, String submission) {}

  private void messages(Map<ChainIdentity, Reliance> chains) throws StoreUnavailable {
    Map<String, Consumed> missing = new HashMap<>();
    chains.forEach((chain, reliance) ->
        reliance
            .submissions()
            .forEach((submission, height) ->
                missing.putIfAbsent(submission, new Consumed(chain, height, submission))));
    AppendTable table = shared.append(TableName.TRANSACTIONS);
    long[] misnamed = {0};
    DatabaseCheck.eachRow(
        table,
        row -> {
          Optional<BankId> bank = bank(row.stream());
          String envelope = TaggedEnvelope.of(row.body()).envelope();
          // The id names bank and bytes, so it is another bank's in another stream.
          bank.ifPresent(b -> missing.remove(SubmissionId.of(b, envelope)));
          if (bank.isEmpty()
              || !isNamed(row, attempt -> SubmissionId.rowId(bank.get(), envelope, attempt))) {
            misnamed[0]++;
          }
        });
    note(TableName.TRANSACTIONS, "MISNAMED", misnamed[0]);
    Map<ChainIdentity, List<Consumed>> byChain = new HashMap<>();
    missing.values().stream()
        .sorted(Comparator.comparingLong(Consumed::height).thenComparing(Consumed::submission))
        .forEach(each -> byChain.computeIfAbsent(each.chain(), _ -> new ArrayList<>()).add(each));
    for (ChainIdentity chain : chains.keySet()) {
      List<Consumed> lost = byChain.getOrDefault(chain, List.of());
      for (Consumed each : lost.subList(0, Math.min(lost.size(), DatabaseCheck.MAX_SHOWN))) {
        boolean altered = table.find(each.submission()).isPresent();
        bad.add(
            BadPlace.inChain(
                chain,
                each.height(),
                altered ? "ROW_ALTERED" : "MESSAGE_MISSING",
                TableName.TRANSACTIONS.sqlName()
                    + " "
                    + each.submission()
                    + ", which this block consumed"
                    + (each.equals(lost.getFirst()) && lost.size() > 1
                        ? "; the first of " + lost.size()
                        : "")));
      }
    }
  }

  private void records(
      Map<ChainIdentity, Reliance> chains, List<AuthorityJournal.Statement> journaled)
      throws StoreUnavailable {
    // A writer cannot choose its stamp: what was there before the junk is named before it.
    PriorityQueue<Row> misnamed = new PriorityQueue<>(OLDEST.reversed());
    long[] counted = {0, 0};
    DatabaseCheck.eachRow(
        shared.append(TableName.BANK_KEYS),
        row -> {
          RegistryRow record = new RegistryRow(row.stream(), row.body());
          boolean proven = directory.knows(record);
          if (!isNamed(row, attempt -> record.toInsert(attempt).id())) {
            counted[0]++;
            if (!proven) {
              misnamed.add(row);
            }
            if (misnamed.size() > DatabaseCheck.MAX_SHOWN) {
              misnamed.remove();
            }
          } else if (!proven) {
            counted[1]++;
          }
        });
    note(TableName.BANK_KEYS, "MISNAMED", counted[0]);
    note(TableName.BANK_KEYS, "UNPROVEN", counted[1]);
    boolean lost = false;
    for (AuthorityJournal.Statement statement : journaled) {
      if (!directory.knows(statement.row())) {
        lost = true;
        bad.add(
            BadPlace.inDatabase(
                BadPlace.SHARED,
                "RECORD_MISSING",
                "bank_keys "
                    + statement.row().toInsert(0).id()
                    + ", from line "
                    + statement.line()
                    + " of the authority's journal"));
      }
    }
    for (Map.Entry<ChainIdentity, Reliance> chain : chains.entrySet()) {
      Optional<Reliance.RecordsNoted> noted = chain.getValue().beyond(directory.version());
      if (noted.isPresent()) {
        lost = true;
        bad.add(
            BadPlace.inChain(
                chain.getKey(),
                noted.get().height(),
                "RECORD_MISSING",
                "this block relied on "
                    + noted.get().version()
                    + " proven rows of bank_keys; there are "
                    + directory.version()));
      }
    }
    if (lost) {
      // Whichever of them it was: among them stands what was altered rather than dropped.
      misnamed.stream()
          .sorted(OLDEST)
          .forEach(
              row -> bad.add(BadPlace.rowAltered(BadPlace.SHARED, TableName.BANK_KEYS, row.id())));
    }
  }

  private void note(TableName table, String reason, long rows) {
    if (rows > 0) {
      notes.add(new VerifyReport.Note(table.sqlName(), reason, rows));
    }
  }

  private static Optional<BankId> bank(String stream) {
    try {
      return Optional.of(new BankId(stream));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isNamed(Row row, IntFunction<String> idOfAttempt) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (idOfAttempt.apply(attempt).equals(row.id())) {
        return true;
      }
    }
    return false;
  }
}
