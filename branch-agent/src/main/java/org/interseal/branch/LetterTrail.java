package org.interseal.branch;

import org.interseal.identity.BankId;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.service.Correlation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves one log line per letter, under the name that the bank's servers have for it, and nothing
 * of its content.
 */
final class LetterTrail {
  private static final Logger log = LoggerFactory.getLogger(LetterTrail.class);

  private final BankId bank;

  LetterTrail(BankId bank) {
    this.bank = bank;
  }

  /** The store has the letter. */
  void stored(JournalRecord.Sent letter) {
    if (log.isInfoEnabled()) {
      String id = SubmissionId.of(bank, letter.envelope());
      log.atInfo()
          .addKeyValue(Correlation.KEY, id)
          .addKeyValue(Correlation.REFERENCE, Correlation.onlyItem(id))
          .addKeyValue("type", letter.type())
          .log("letter stored");
    }
  }
}
