package org.interseal.federation;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.interseal.client.AccountStatement;
import org.interseal.client.BankClient;
import org.interseal.client.Device;
import org.interseal.client.DeviceKeyRing;
import org.interseal.client.DeviceProfile;
import org.interseal.client.PaymentOutcome;
import org.interseal.client.Reply;
import org.interseal.client.VolatileDeviceMemory;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.DeviceNotice;

/** A customer with an account and one device, whose memory outlives the federation that runs. */
final class Customer {
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(45);

  private final BankId bank;
  private final String name;
  private final Iban account;
  private final VolatileDeviceMemory memory;
  private final List<DeviceNotice> notices = new CopyOnWriteArrayList<>();
  private Device device;

  private Customer(
      BankId bank, String name, Iban account, VolatileDeviceMemory memory, Device device) {
    this.bank = bank;
    this.name = name;
    this.account = account;
    this.memory = memory;
    this.device = device;
    device.onNotice(notices::add);
  }

  static VolatileDeviceMemory newMemory() {
    return new VolatileDeviceMemory(
        DeviceKeyRing.generate(new SecureRandom()), DeviceProfile.fresh());
  }

  static Customer of(
      BankId bank, String name, Iban account, VolatileDeviceMemory memory, Device device) {
    return new Customer(bank, name, account, memory, device);
  }

  /** Goes on with the same keys and memory at a bank that was started again. */
  void reconnect(BankClient client) {
    device.close();
    device = Device.of(client, memory);
    device.onNotice(notices::add);
  }

  BankId bank() {
    return bank;
  }

  String name() {
    return name;
  }

  Iban account() {
    return account;
  }

  Device device() {
    return device;
  }

  VolatileDeviceMemory memory() {
    return memory;
  }

  PaymentOutcome pay(Payment payment) throws Exception {
    return Waiting.get(device.payAndWait(payment, ANSWER_LIMIT), ANSWER_LIMIT.plusSeconds(15));
  }

  DeviceNotice.Balance balance() throws Exception {
    return answered(
        Waiting.get(device.balance(account, ANSWER_LIMIT), ANSWER_LIMIT.plusSeconds(15)));
  }

  /** Booked balance in minor units; nothing may be in flight. */
  long bookedMinor() throws Exception {
    return balance().booked().amountMinor();
  }

  AccountStatement statement() throws Exception {
    return answered(
        Waiting.get(
            device.statement(
                account, Payments.today().minusDays(1), Payments.today(), ANSWER_LIMIT),
            ANSWER_LIMIT.plusSeconds(15)));
  }

  static <T> T answered(Reply<T> reply) {
    return switch (reply) {
      case Reply.Answered<T>(T value) -> value;
      case Reply.Refused<T>(var reason, String detail) ->
          throw new AssertionError("refused with " + reason + ": " + detail);
      case Reply.Unanswered<T>(String why) -> throw new AssertionError("no answer: " + why);
    };
  }

  /** Everything that this device was told, each once, oldest first. */
  List<DeviceNotice> notices() {
    return List.copyOf(notices);
  }

  /** Fetches what is in the mailbox, and counts the credits for this transaction so far. */
  long credits(UUID uetr) throws Exception {
    var _ = Waiting.get(device.poll());
    return notices.stream()
        .filter(n ->
            n instanceof DeviceNotice.CreditReceived credit && credit.payment().uetr().equals(uetr))
        .count();
  }

  /**
   * Waits until this device is told of the credit, and for the answer to a later question: what was
   * owed before has been delivered. Nothing orders this after the payer's final status.
   */
  long creditsInTheEnd(UUID uetr) throws Exception {
    Waiting.until("the payee is told", () -> credits(uetr) >= 1);
    var _ = balance();
    return credits(uetr);
  }

  /** How often this device was told that the payment has ended. */
  long finalStatuses(UUID uetr) throws Exception {
    var _ = Waiting.get(device.poll());
    return notices.stream()
        .filter(n ->
            n instanceof DeviceNotice.PaymentStatus status
                && status.uetr().equals(uetr)
                && status.status().terminal())
        .count();
  }
}
