package org.interseal.bank.inbox;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.interseal.bank.meters.BankMeters;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.tag.TaggedEnvelope;
import org.interseal.store.Row;

/** What of the rows that were read has not been taken in yet, and who wrote it. */
final class NewRows {
  /** The writer of rows that nobody tagged. */
  static final String UNKNOWN_WRITER = "";

  private final BankId bank;
  private final Predicate<String> ours;
  private final ProvedSubmissions proved;
  private final RowWriters writers;
  private final BankMeters meters;
  private final LongSupplier runningMillis;

  NewRows(
      BankId bank,
      Predicate<String> ours,
      ProvedSubmissions proved,
      RowWriters writers,
      BankMeters meters,
      LongSupplier runningMillis) {
    this.bank = bank;
    this.ours = ours;
    this.proved = proved;
    this.writers = writers;
    this.meters = meters;
    this.runningMillis = runningMillis;
  }

  /**
   * Those of them that are new, as rows of the page.
   *
   * @param known submissions that the ledger has consumed already
   */
  List<ReceivedRow> of(List<Row> rows, ReceivedPage page, Predicate<String> known) {
    List<ReceivedRow> received = new ArrayList<>(rows.size());
    for (Row row : rows) {
      TaggedEnvelope content = TaggedEnvelope.of(row.body());
      if (!ours.test(content.envelope())) {
        continue;
      }
      String submissionId = SubmissionId.of(bank, content.envelope());
      if (proved.contains(submissionId)) {
        meters.inboxRow("copy");
      } else if (!known.test(submissionId)) {
        String writer =
            writers
                .writerOf(row.id(), submissionId, content)
                .map(Party::wire)
                .orElse(UNKNOWN_WRITER);
        meters.inboxRow(writer.equals(UNKNOWN_WRITER) ? "untagged" : "tagged");
        received.add(
            new ReceivedRow(
                content.envelope(),
                submissionId,
                writer,
                row.timestampMillis(),
                runningMillis.getAsLong(),
                page));
      }
    }
    page.rowsLeft = received.size();
    return received;
  }
}
