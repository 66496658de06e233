package org.interseal.launcher.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;

/** Opens and funds accounts at the banks' branches and links a device to each. */
final class CustomerSetup {
  static final CurrencyCode CURRENCY = new CurrencyCode("CZK");
  private static final Duration LINK_LIMIT = Duration.ofMinutes(2);

  private final Map<BankId, TellerClient> tellers;
  private final DeviceFleet fleet;

  CustomerSetup(Map<BankId, TellerClient> tellers, DeviceFleet fleet) {
    this.tellers = Map.copyOf(tellers);
    this.fleet = fleet;
  }

  /**
   * So many customers at each bank, in order of number.
   *
   * @param done hears of each that is ready
   */
  Map<BankId, List<Customer>> open(List<BankPorts> banks, int perBank, long fundedMinor, Runnable done)
      throws IOException, InterruptedException, ExecutionException {
    List<Iban> accounts = new ArrayList<>();
    for (BankPorts bank : banks) {
      for (int number = 1; number <= perBank; number++) {
        accounts.add(Iban.of(bank.bank(), 0, number));
      }
    }
    fleet.prepare(accounts);
    Map<BankId, List<CompletableFuture<Customer>>> opening = new HashMap<>();
    for (BankPorts bank : banks) {
      List<CompletableFuture<Customer>> ofBank = new ArrayList<>();
      for (int number = 1; number <= perBank; number++) {
        CompletableFuture<Customer> customer = open(bank, number, fundedMinor);
        ofBank.add(customer.whenComplete((_, _) -> done.run()));
      }
      opening.put(bank.bank(), ofBank);
    }
    Map<BankId, List<Customer>> customers = new HashMap<>();
    for (Map.Entry<BankId, List<CompletableFuture<Customer>>> ofBank : opening.entrySet()) {
      List<Customer> all = new ArrayList<>();
      for (CompletableFuture<Customer> customer : ofBank.getValue()) {
        all.add(customer.get());
      }
      customers.put(ofBank.getKey(), List.copyOf(all));
    }
    return customers;
  }

  private CompletableFuture<Customer> open(BankPorts bank, int number, long fundedMinor) {
    TellerClient teller = Optional.ofNullable(tellers.get(bank.bank())).orElseThrow();
    String name = "Customer " + number;
    List<URI> gateways = List.of(bank.gateway());
    return teller
        .openAccount(name, CURRENCY.value(), (long) number, "open-" + number)
        .thenCompose(
            account ->
                teller
                    .cashIn(account, new Money(fundedMinor, CURRENCY), "fund-" + number, "fund-" + number)
                    .thenCompose(_ -> teller.activationCode(account, "code-" + number))
                    .thenCompose(code -> fleet.linked(bank.bank(), gateways, code, LINK_LIMIT))
                    .thenApply(
                        device ->
                            new Customer(new PartyAccount(name, account, bank.bank()), device, fundedMinor)));
  }
}
