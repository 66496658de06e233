package org.interseal.launcher.verify;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.verify.Finding;
import org.interseal.store.TableName;

/**
 * Where the stored history is not as it should be.
 *
 * @param bank BIC, or {@value #SHARED} for what members share
 * @param height of the block that is meant; 0 where none is
 * @param reason a stable word
 * @param detail for a person; nothing personal
 */
@JsonPropertyOrder({"bank", "partition", "height", "reason", "detail"})
record BadPlace(String bank, int partition, long height, String reason, String detail) {
  static final String SHARED = "shared";

  static BadPlace of(Finding finding) {
    return new BadPlace(
        finding.bank().value(),
        finding.partition(),
        finding.height(),
        finding.problem().name(),
        finding.detail());
  }

  static BadPlace inDatabase(String bank, String reason, String detail) {
    return new BadPlace(bank, 0, 0, reason, detail);
  }

  static BadPlace inChain(ChainIdentity chain, long height, String reason, String detail) {
    return new BadPlace(chain.bank().value(), chain.partition(), height, reason, detail);
  }

  static BadPlace rowAltered(String bank, TableName table, String id) {
    return inDatabase(bank, "ROW_ALTERED", table.sqlName() + " " + id);
  }

  @Override
  public String toString() {
    return bank
        + (height > 0 ? ", partition " + partition + ", height " + height : "")
        + ": "
        + reason
        + (detail.isEmpty() ? "" : ", " + detail);
  }
}
