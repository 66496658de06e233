package org.interseal.launcher.orders;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;

/**
 * Whether every account holds what was paid in and what its orders moved: sums over all accounts do
 * not show a payment that was made twice.
 *
 * @param complaints one for each account that holds something else
 */
record AccountsAudit(List<String> complaints) {
  AccountsAudit {
    complaints = List.copyOf(complaints);
  }

  /** What an account may hold: the same, but for orders of which nobody knows how they ended. */
  private record Expected(long leastMinor, long mostMinor) {
    static final Expected NOTHING = new Expected(0, 0);

    Expected plus(long least, long most) {
      return new Expected(Math.addExact(leastMinor, least), Math.addExact(mostMinor, most));
    }
  }

  /**
   * @param bookedMinor of each account that takes part, empty where nobody answered
   */
  static AccountsAudit of(OrdersJournal journal, Map<Iban, Optional<Long>> bookedMinor) {
    Map<Iban, Expected> expected = new HashMap<>();
    for (Iban account : bookedMinor.keySet()) {
      long funded = journal.fundedMinor(account);
      expected.put(account, new Expected(funded, funded));
    }
    for (OrdersJournal.Entry order : journal.orders()) {
      long certain = order.ending() == OrdersJournal.Ending.SETTLED ? order.minor() : 0;
      long possible = order.ending() == OrdersJournal.Ending.REJECTED ? 0 : order.minor();
      expected.computeIfPresent(order.debtor(), (_, sum) -> sum.plus(-possible, -certain));
      expected.computeIfPresent(order.creditor(), (_, sum) -> sum.plus(certain, possible));
    }
    List<String> complaints = new ArrayList<>();
    bookedMinor.forEach((account, booked) ->
        complaint(account, booked, expected.getOrDefault(account, Expected.NOTHING))
            .ifPresent(complaints::add));
    return new AccountsAudit(complaints);
  }

  private static Optional<String> complaint(
      Iban account, Optional<Long> booked, Expected expected) {
    if (booked.isEmpty()) {
      return Optional.of(account + ": no answer to the question for the balance");
    }
    long minor = booked.get();
    return minor >= expected.leastMinor() && minor <= expected.mostMinor()
        ? Optional.empty()
        : Optional.of(
            account
                + " holds "
                + money(minor)
                + ", its orders say "
                + money(expected.leastMinor())
                + (expected.leastMinor() == expected.mostMinor()
                    ? ""
                    : " to " + money(expected.mostMinor())));
  }

  private static Money money(long minor) {
    return new Money(minor, PaymentOrder.CURRENCY);
  }

  boolean good() {
    return complaints.isEmpty();
  }
}
