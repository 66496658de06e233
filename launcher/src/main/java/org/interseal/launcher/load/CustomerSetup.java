package org.interseal.launcher.load;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.interseal.client.Device;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;

/** Opens and funds accounts at the banks' branches and links a device to each. */
public final class CustomerSetup {
  static final CurrencyCode CURRENCY = new CurrencyCode("CZK");
  private static final Duration LINK_LIMIT = Duration.ofMinutes(2);

  private final Map<BankId, TellerClient> tellers;
  private final DeviceFleet fleet;

  public CustomerSetup(Map<BankId, TellerClient> tellers, DeviceFleet fleet) {
    this.tellers = Map.copyOf(tellers);
    this.fleet = fleet;
  }

  /**
   * So many customers at each bank, each with its device; in order of bank and number.
   *
   * @param done hears of each that is ready
   */
  public Map<Customer, Device> open(
      List<BankPorts> banks, int perBank, long fundedMinor, Runnable done)
      throws IOException, InterruptedException, ExecutionException {
    List<Iban> accounts = new ArrayList<>();
    for (BankPorts bank : banks) {
      for (int number = 1; number <= perBank; number++) {
        accounts.add(account(bank, number));
      }
    }
    fleet.prepare(accounts);
    Map<Customer, CompletableFuture<Device>> opening = new LinkedHashMap<>();
    for (BankPorts bank : banks) {
      for (int number = 1; number <= perBank; number++) {
        PartyAccount party =
            new PartyAccount("Customer " + number, account(bank, number), bank.bank());
        opening.put(
            new Customer(party, fundedMinor),
            open(bank, party, fundedMinor).whenComplete((_, _) -> done.run()));
      }
    }
    Map<Customer, Device> devices = new LinkedHashMap<>();
    for (Map.Entry<Customer, CompletableFuture<Device>> each : opening.entrySet()) {
      devices.put(each.getKey(), each.getValue().get());
    }
    return devices;
  }

  private static Iban account(BankPorts bank, long number) {
    return Iban.ofWishedNumber(bank.bank(), bank.partitions(), number);
  }

  private CompletableFuture<Device> open(BankPorts bank, PartyAccount party, long fundedMinor) {
    TellerClient teller = Optional.ofNullable(tellers.get(bank.bank())).orElseThrow();
    long number = party.account().number();
    // Each starts with another one.
    List<URI> gateways = new ArrayList<>(bank.gateways());
    Collections.rotate(gateways, (int) (number % gateways.size()));
    return teller
        .openAccount(party.name(), CURRENCY.value(), number, "open-" + number)
        .thenCompose(account ->
            teller
                .cashIn(
                    account, new Money(fundedMinor, CURRENCY), "fund-" + number, "fund-" + number)
                .thenCompose(_ -> teller.activationCode(account, "code-" + number))
                .thenCompose(code -> fleet.link(bank.bank(), gateways, code, LINK_LIMIT)));
  }
}
