package org.interseal.client;

import static org.interseal.client.FakeBank.ACCOUNT;
import static org.interseal.client.FakeBank.BANK;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Letter;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A device against gateways over real HTTP and a bank with real keys. */
abstract class DeviceAtGateways {
  static final Duration SOON = Duration.ofSeconds(20);
  static final Duration SHORT = Duration.ofMillis(300);
  static final CurrencyCode CZK = new CurrencyCode("CZK");

  final RunningTime time = new RunningTime();
  final FakeBank bank = new FakeBank(time);
  final ClientRuntime runtime = ClientRuntime.start(time, new SecureRandom(), 64);

  final VolatileDeviceMemory memory =
      new VolatileDeviceMemory(DeviceKeyRing.generate(new SecureRandom()), DeviceProfile.fresh());

  final FakeGateway first = gateway();
  final FakeGateway second = gateway();

  FakeGateway gateway() {
    try {
      return new FakeGateway(bank);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void linked() {
    bank.link(memory.keys().publicKeys());
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    runtime.close();
  }

  BankClient connected() throws Exception {
    return BankClient.connect(
            runtime, List.of(first.uri(), second.uri()), bank.authority.root().fingerprint())
        .get(20, TimeUnit.SECONDS);
  }

  Device device() throws Exception {
    return Device.prepared(connected(), memory, ACCOUNT, "phone");
  }

  static Payment payment(String instructionId) {
    return new Payment(
        instructionId,
        "e2e",
        UUID.fromString("6f9619ff-8b86-4011-b42d-00c04fc964ff"),
        new PartyAccount("Ada", ACCOUNT, BANK),
        new PartyAccount("Bob", Iban.of(new BankId("BKCDXX00"), 0, 9), new BankId("BKCDXX00")),
        new Money(12_300, CZK),
        null,
        null,
        null,
        ChargeBearer.SLEV,
        LocalDate.of(2026, 11, 20));
  }

  static DeviceNotice.PaymentStatus status(
      @Nullable Letter letter, TransactionStatus status, @Nullable ReasonCode reason) {
    Payment payment = payment("i1");
    return new DeviceNotice.PaymentStatus(
        letter == null ? null : letter.messageId(),
        ACCOUNT,
        "i1",
        "e2e",
        payment.uetr(),
        payment.amount(),
        status,
        reason,
        1);
  }

  static DeviceNotice.Balance balance(Bytes inReplyTo, long minor) {
    return new DeviceNotice.Balance(
        inReplyTo, ACCOUNT, new Money(minor, CZK), new Money(minor, CZK), 1);
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }
}
