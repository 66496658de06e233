package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Payment;

/**
 * What must hold of every state. Reads the whole state: for verification and tests, not for every
 * block.
 */
public final class LedgerInvariants {
  private final Parts s;
  private final List<String> broken = new ArrayList<>();

  private LedgerInvariants(Parts s) {
    this.s = s;
  }

  /**
   * What is broken, in words without names, accounts or amounts of customers; empty when all is
   * well.
   */
  public static List<String> check(LedgerState state) {
    LedgerInvariants invariants = new LedgerInvariants(state.parts());
    invariants.conservation();
    invariants.accounts();
    invariants.inFlight();
    invariants.devices();
    return List.copyOf(invariants.broken);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
    }
  }

  private void conservation() {
    Map<CurrencyCode, Long> sums = new TreeMap<>();
    Map<CurrencyCode, Long> customers = new TreeMap<>();
    for (CustomerAccount account : s.accounts().accounts().values()) {
      sums.merge(account.currency(), account.bookedMinor(), Math::addExact);
      customers.merge(account.currency(), account.bookedMinor(), Math::addExact);
    }
    new LedgerState(s)
        .ownBalances()
        .forEach(own -> {
          sums.merge(own.currency(), own.balanceMinor(), Math::addExact);
          boolean fits =
              switch (own.account()) {
                case LedgerAccount.Cash cash -> own.balanceMinor() <= 0;
                case LedgerAccount.InFlight inFlight -> own.balanceMinor() >= 0;
                case LedgerAccount.InFlightTo inFlight -> own.balanceMinor() >= 0;
                case LedgerAccount.Suspense suspense -> own.balanceMinor() >= 0;
                case LedgerAccount.Position position -> true;
                case LedgerAccount.PositionWith position -> true;
                case LedgerAccount.Customer customer -> false;
              };
          require(fits, "an own account is on the wrong side: " + own.account().key());
        });
    sums.forEach(
        (currency, sum) -> require(sum == 0, "balances in " + currency + " do not sum to zero"));
    s.balances()
        .customers()
        .forEach((currency, total) ->
            require(
                total.equals(customers.getOrDefault(currency, 0L)),
                "the customers' total in " + currency + " is not their sum"));
  }

  private void accounts() {
    for (CustomerAccount account : s.accounts().accounts().values()) {
      require(
          account.bookedMinor() >= account.reservedMinor() && account.reservedMinor() >= 0,
          "a customer account is overdrawn");
      require(
          !account.closed() || (account.bookedMinor() == 0 && account.inFlight() == 0),
          "a closed account has money");
      require(account.touchedHeight() <= s.nextHeight(), "an account was touched by a later block");
    }
  }

  private void inFlight() {
    Map<String, Long> perBank = new HashMap<>();
    Map<String, Integer> perPayer = new HashMap<>();
    s.outgoing()
        .forEach((peer, pair) ->
            pair.unanswered()
                .forEach((number, transfer) -> {
                  Payment payment = transfer.transfer().payment();
                  require(
                      number < pair.nextNumber() && number == transfer.transfer().number(),
                      "an unanswered transfer is out of number order");
                  perBank.merge(
                      Balances.key(s.inFlightTo(peer), payment.amount().currency()),
                      payment.amount().amountMinor(),
                      Math::addExact);
                  perPayer.merge(payment.debtor().account().value(), 1, Integer::sum);
                }));
    s.balances()
        .own()
        .forEach((key, balance) -> {
          if (key.startsWith("in-flight:")) {
            require(
                balance.equals(perBank.remove(key)),
                "in-flight is not the sum of what is unanswered");
          }
        });
    require(perBank.isEmpty(), "an unanswered transfer is not in flight");
    for (CustomerAccount account : s.accounts().accounts().values()) {
      require(
          account.inFlight() == perPayer.getOrDefault(account.iban().value(), 0),
          "an account's count of transfers in flight is wrong");
    }
  }

  private void devices() {
    int listed = 0;
    for (Customer customer : s.accounts().customers().values()) {
      for (String id : customer.devices()) {
        listed++;
        DeviceView device = s.devices().get(id);
        require(
            device != null && device.linked() && device.customerId() == customer.id(),
            "a customer's device is not linked to it");
      }
      require(customer.devices().size() <= Customer.MAX_DEVICES, "too many devices");
    }
    long linked = s.devices().values().stream().filter(DeviceView::linked).count();
    require(linked == listed, "a linked device belongs to no customer");
  }
}
