package org.interseal.launcher.orders;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.interseal.client.Device;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Reply;
import org.interseal.client.Watch;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.CustomerMoney;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.launcher.federation.OperatorClient;
import org.interseal.launcher.federation.TellerClient;
import org.interseal.launcher.fleet.DeviceFleet;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.DeviceNotice;

/** The banks of a running federation, with a fleet of devices in this process. */
final class FederationBanks implements OrdersBanks {
  private static final Duration LINK_LIMIT = Duration.ofMinutes(2);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
  private static final Duration BALANCE_LIMIT = Duration.ofMinutes(2);

  private final Map<BankId, BankPorts> banks = new ConcurrentHashMap<>();
  private final Map<BankId, TellerClient> tellers = new ConcurrentHashMap<>();
  private final Map<Iban, Device> devices = new ConcurrentHashMap<>();
  private final OperatorClient operator;
  private final DeviceFleet fleet;
  private final Bytes rootFingerprint;

  FederationBanks(
      LocalFederation federation, DeviceFleet fleet, java.util.concurrent.Executor executor)
      throws IOException {
    for (BankPorts bank : federation.banks()) {
      banks.put(bank.bank(), bank);
      tellers.put(bank.bank(), federation.teller(bank, executor));
    }
    this.operator = federation.operator();
    this.fleet = fleet;
    this.rootFingerprint = federation.rootFingerprint();
  }

  private static <T> T known(Map<BankId, T> all, BankId bank) {
    return Optional.ofNullable(all.get(bank))
        .orElseThrow(() -> new IllegalStateException("the federation lacks the bank " + bank));
  }

  private Device device(Iban account) {
    return Optional.ofNullable(devices.get(account))
        .orElseThrow(() -> new IllegalStateException("no device is linked to " + account));
  }

  @Override
  public void prepare(List<Iban> accounts) throws IOException {
    fleet.prepare(accounts);
  }

  @Override
  public CompletableFuture<Void> open(Participant participant) {
    return known(tellers, participant.bank())
        .openAccount(
            participant.name(),
            PaymentOrder.CURRENCY.value(),
            participant.number(),
            "open-" + participant.account().value())
        .<Void>thenApply(_ -> null)
        .exceptionallyCompose(failure ->
            // The branch has forgotten that it asked, the bank has not: the number is taken.
            String.valueOf(failure.getMessage()).contains(ReasonCode.AM05.name())
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(failure));
  }

  @Override
  public CompletableFuture<Void> cashIn(Participant participant, Money amount, String key) {
    return known(tellers, participant.bank()).cashIn(participant.account(), amount, key, key);
  }

  /** A customer with a device needs no code, and one that was used or has expired is of no use. */
  @Override
  public CompletableFuture<Void> link(Participant participant) {
    Iban account = participant.account();
    TellerClient teller = known(tellers, participant.bank());
    List<URI> gateways = known(banks, participant.bank()).gateways();
    CompletableFuture<Integer> linked =
        fleet.mayBeLinked(account)
            ? teller.linkedDevices(account)
            : CompletableFuture.completedFuture(0);
    return linked
        .thenCompose(devicesThere ->
            devicesThere > 0
                ? fleet.again(participant.bank(), gateways, rootFingerprint, account)
                : teller
                    .activationCode(account, "code-" + UUID.randomUUID())
                    .thenCompose(
                        code -> fleet.link(participant.bank(), gateways, code, LINK_LIMIT)))
        .thenAccept(device -> devices.put(account, device));
  }

  @Override
  public Watch watch(Iban payee, Consumer<UUID> credited) {
    Device device = device(payee);
    device.onNotice(notice -> {
      if (notice instanceof DeviceNotice.CreditReceived credit) {
        credited.accept(credit.payment().uetr());
      }
    });
    return device.watch();
  }

  @Override
  public CompletableFuture<PaymentOutcome> pay(Payment payment) {
    return device(payment.debtor().account()).payOnce(payment, ANSWER_LIMIT);
  }

  @Override
  public CompletableFuture<Optional<Long>> bookedMinor(Iban account) {
    return device(account)
        .balance(account, BALANCE_LIMIT)
        .thenApply(reply ->
            switch (reply) {
              case Reply.Answered<DeviceNotice.Balance>(DeviceNotice.Balance balance) ->
                  Optional.of(balance.booked().amountMinor());
              case Reply.Refused<DeviceNotice.Balance> _,
                  Reply.Unanswered<DeviceNotice.Balance> _ ->
                  Optional.empty();
            });
  }

  @Override
  public Map<String, Long> totals() throws IOException, InterruptedException {
    return CustomerMoney.total(operator, List.copyOf(banks.values()));
  }
}
