package org.interseal.launcher.orders;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Watch;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;

/** The banks of a file of orders, as their tellers and the customers' devices use them. */
interface OrdersBanks {
  /** Makes keys for the devices of these accounts where there are none. */
  void prepare(List<Iban> accounts) throws IOException;

  /** Opens the account; has effect once. */
  CompletableFuture<Void> open(Participant participant);

  /**
   * Pays cash in.
   *
   * @param key names this payment: with the same one and the same amount it is made once
   */
  CompletableFuture<Void> cashIn(Participant participant, Money amount, String key);

  /** Links the account's device; has effect once. */
  CompletableFuture<Void> link(Participant participant);

  /** Follows a linked payee's mailbox; {@code credited} hears the UETR of each credit. */
  Watch watch(Iban payee, Consumer<UUID> credited);

  /** Has the linked payer instruct a payment; the same one, on whatever day, moves money once. */
  CompletableFuture<PaymentOutcome> pay(Payment payment);

  /** What a linked customer is told of the booked balance, minor units; empty without an answer. */
  CompletableFuture<Optional<Long>> bookedMinor(Iban account);

  /** Customers' money and money in flight over all banks, by currency in minor units. */
  Map<String, Long> totals() throws IOException, InterruptedException;
}
