package org.interseal.launcher.verify;

import java.util.List;
import java.util.stream.IntStream;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.crypto.Bytes;

/**
 * What of a chain is closed, as the chain itself says it: found by following it from its first
 * block, never by what somebody wrote beside it.
 *
 * @param lastHeight the last block that nobody needs who has the opening
 * @param openedHeight the block whose state the opening is
 * @param period the one that it opens
 * @param closedAt the block that names it
 * @param closedBy that block's hash
 */
public record ClosedPart(
    ChainIdentity chain,
    long lastHeight,
    long openedHeight,
    int period,
    ChainPlace closedAt,
    Bytes closedBy) {

  /** Periods before the opened one. */
  public List<String> earlierPeriods() {
    return IntStream.range(1, period).mapToObj(Integer::toString).toList();
  }

  /** Where rows begin that are not closed. */
  public String endId() {
    return new ChainPlace(chain.partition(), lastHeight + 1, 0).rowId();
  }

  /** How the rows of the chain begin. */
  public String prefix() {
    return prefix(chain);
  }

  /** How the rows of a chain begin. */
  public static String prefix(ChainIdentity chain) {
    return ChainPlace.stream(chain.partition()) + ".";
  }
}
