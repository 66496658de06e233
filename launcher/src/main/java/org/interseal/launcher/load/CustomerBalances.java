package org.interseal.launcher.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.interseal.client.Device;
import org.interseal.client.Reply;
import org.interseal.protocol.message.DeviceNotice;

/** What customers' own devices are told that their accounts hold. */
public final class CustomerBalances {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private CustomerBalances() {}

  /** Booked balances in minor units, empty where nobody answers. */
  public static Map<Customer, Optional<Long>> booked(Map<Customer, Device> devices)
      throws InterruptedException, ExecutionException {
    Map<Customer, CompletableFuture<Optional<Long>>> asked = new HashMap<>();
    devices.forEach((customer, device) ->
        asked.put(
            customer,
            device.balance(customer.party().account(), LIMIT).thenApply(CustomerBalances::booked)));
    Map<Customer, Optional<Long>> balances = new HashMap<>();
    for (Map.Entry<Customer, CompletableFuture<Optional<Long>>> each : asked.entrySet()) {
      balances.put(each.getKey(), each.getValue().get());
    }
    return balances;
  }

  private static Optional<Long> booked(Reply<DeviceNotice.Balance> reply) {
    return switch (reply) {
      case Reply.Answered<DeviceNotice.Balance>(DeviceNotice.Balance balance) ->
          Optional.of(balance.booked().amountMinor());
      case Reply.Refused<DeviceNotice.Balance> _, Reply.Unanswered<DeviceNotice.Balance> _ ->
          Optional.empty();
    };
  }
}
