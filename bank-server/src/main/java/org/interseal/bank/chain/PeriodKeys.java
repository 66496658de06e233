package org.interseal.bank.chain;

import java.util.Optional;
import org.interseal.crypto.SecretKey256;
import org.interseal.store.StoreUnavailable;

/**
 * The keys that a bank's data keys and snapshots are wrapped under, one per period. Thread-safe.
 */
public interface PeriodKeys {
  /** The period of a chain's first block; its opening state is the empty ledger. */
  String FIRST = "1";

  /** Of a period's name. */
  int MAX_DIGITS = 9;

  /**
   * The number that a period's name is; 0 when it is none: periods of a chain count from {@link
   * #FIRST}.
   */
  static int number(String period) {
    boolean number =
        !period.isEmpty()
            && period.length() <= MAX_DIGITS
            && period.charAt(0) != '0'
            && period.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(period) : 0;
  }

  /**
   * The period that blocks are written in now; a decimal number. Its wrapped key must be durable in
   * the store for every certified node before the first block of it is written.
   */
  String currentPeriod();

  /**
   * The key of a period. Empty is final: before saying so, look in the store again, so that a key
   * which was wrapped just before its first block is found.
   */
  Optional<SecretKey256> key(String periodId) throws StoreUnavailable;

  /**
   * Whether the bank has said that early periods are closed and dropped, so that the chain cannot
   * be followed from its first block any more.
   */
  default boolean beginsWithOpening() {
    return false;
  }
}
