package org.interseal.client;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.DeviceNotice;

/**
 * A whole statement, put together from its pages.
 *
 * @param opening booked balance before {@code fromDate}
 * @param closing booked balance after {@code toDate}
 * @param entries from the newest back
 * @param earlierClosed whether the bank no longer shows what is older than these entries: then
 *     {@code opening} is the balance before the oldest of them
 */
public record AccountStatement(
    Iban account,
    LocalDate fromDate,
    LocalDate toDate,
    Optional<Money> opening,
    Optional<Money> closing,
    List<DeviceNotice.StatementEntry> entries,
    boolean earlierClosed) {
  public AccountStatement {
    entries = List.copyOf(entries);
  }
}
