package org.interseal.bank.ledger;

import java.util.List;
import java.util.TreeMap;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.jspecify.annotations.Nullable;

/** Makes and posts balanced entries. */
final class Postings {
  private Postings() {}

  /** An amount leaves one account and reaches another. */
  static List<Posting> move(Parts parts, LedgerAccount from, LedgerAccount to, Money amount) {
    return List.of(
        posting(parts, from, amount.currency(), -amount.amountMinor()),
        posting(parts, to, amount.currency(), amount.amountMinor()));
  }

  private static Posting posting(
      Parts parts, LedgerAccount account, CurrencyCode currency, long amountMinor) {
    if (account instanceof LedgerAccount.Customer(Iban iban)) {
      CustomerAccount found = parts.accounts().require(iban);
      long balance = Math.addExact(found.bookedMinor(), amountMinor);
      return new Posting(account, currency, amountMinor, balance, found.touchedHeight());
    }
    return new Posting(account, currency, amountMinor, null, null);
  }

  /** Why these postings can stand in no ledger, or none when they can. Looks at no state. */
  static @Nullable String defect(List<Posting> postings) {
    TreeMap<CurrencyCode, Long> sums = new TreeMap<>();
    for (Posting posting : postings) {
      if (posting.amountMinor() == 0) {
        return "posting of nothing";
      }
      if (Math.abs(posting.amountMinor()) > Money.MAX_MINOR) {
        return "posting out of range";
      }
      sums.merge(posting.currency(), posting.amountMinor(), Math::addExact);
    }
    return sums.values().stream().allMatch(sum -> sum == 0) ? null : "postings do not sum to zero";
  }

  /**
   * Posts a balanced entry; anything that does not fit the state is an {@link
   * IllegalStateException}.
   */
  static Parts post(Parts parts, List<Posting> postings) {
    String defect = defect(postings);
    if (defect != null) {
      throw new IllegalStateException(defect);
    }
    AccountBook accounts = parts.accounts();
    Balances balances = parts.balances();
    for (Posting posting : postings) {
      if (posting.account() instanceof LedgerAccount.Customer(Iban iban)) {
        accounts = accounts.with(posted(accounts.require(iban), posting, parts.nextHeight()));
        balances = balances.plusCustomers(posting.currency(), posting.amountMinor());
      } else {
        balances = balances.plusOwn(posting.account(), posting.currency(), posting.amountMinor());
        requireSide(posting.account(), balances.of(posting.account(), posting.currency()));
      }
    }
    return parts.with(accounts, balances);
  }

  private static CustomerAccount posted(CustomerAccount account, Posting posting, long height) {
    long after = Math.addExact(account.bookedMinor(), posting.amountMinor());
    if (after < account.reservedMinor() || after > Money.MAX_MINOR) {
      throw new IllegalStateException("customer account out of bounds");
    }
    if (account.closed() || !account.currency().equals(posting.currency())) {
      throw new IllegalStateException("posting to a closed account or in another currency");
    }
    Long balance = posting.balanceMinor();
    Long previous = posting.previousHeight();
    if (balance == null
        || balance != after
        || previous == null
        || previous != account.touchedHeight()) {
      throw new IllegalStateException("posting disagrees with the account it is on");
    }
    return account.posted(after, height);
  }

  private static void requireSide(LedgerAccount account, long balance) {
    boolean fits =
        switch (account) {
          case LedgerAccount.Cash cash -> balance <= 0;
          case LedgerAccount.InFlight inFlight -> balance >= 0;
          case LedgerAccount.InFlightTo inFlight -> balance >= 0;
          case LedgerAccount.Suspense suspense -> balance >= 0;
          case LedgerAccount.Position position -> true;
          case LedgerAccount.PositionWith position -> true;
          case LedgerAccount.Customer customer -> true;
        };
    if (!fits) {
      throw new IllegalStateException("an own account is on the wrong side");
    }
  }

  /** What the postings do to one account in total. */
  static long netOn(List<Posting> postings, LedgerAccount account, CurrencyCode currency) {
    return postings.stream()
        .filter(p -> p.account().equals(account) && p.currency().equals(currency))
        .mapToLong(Posting::amountMinor)
        .sum();
  }
}
