package org.interseal.launcher.load;

import java.util.concurrent.atomic.AtomicLong;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.PartyAccount;

/**
 * A customer who pays and is paid.
 *
 * @param fundedMinor paid in before the first payment
 * @param expectedMinor what the account must hold, going by the answers to its owner and to its
 *     payers
 */
public record Customer(PartyAccount party, long fundedMinor, AtomicLong expectedMinor) {
  public Customer(PartyAccount party, long fundedMinor) {
    this(party, fundedMinor, new AtomicLong(fundedMinor));
  }

  public BankId bank() {
    return party.agent();
  }

  /** Of the bank's ledger. */
  public int partition() {
    return party.account().partition();
  }
}
