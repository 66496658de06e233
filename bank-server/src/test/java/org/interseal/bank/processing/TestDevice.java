package org.interseal.bank.processing;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.DeviceKeys;
import org.interseal.protocol.message.DeviceMessage;
import org.interseal.protocol.message.DeviceNotice;

/** A customer's device. */
final class TestDevice extends TestClient {
  /** Rows of one stamp are in no order: their numbers must not lie a window apart. */
  private static final int MAX_TOGETHER = 50;

  final String customer;
  final Iban account;
  final DeviceKeys keys;

  private TestDevice(
      TestNode bank,
      SigningKey signing,
      DecryptionKey encryption,
      DeviceKeys keys,
      String customer,
      Iban account) {
    super(bank, Party.device(bank.id, keys.deviceId()), keys.deviceId(), signing, encryption);
    this.customer = customer;
    this.account = account;
    this.keys = keys;
  }

  static TestDevice of(TestNode bank, String customer, Iban account) {
    SigningKey signing = newSigningKey();
    DecryptionKey encryption = DecryptionKey.generate(TestFederation.RANDOM);
    DeviceKeys keys =
        new DeviceKeys(
            signing.verificationKey().spki(),
            encryption.encryptionKey().spki(),
            newSigningKey().verificationKey().spki());
    return new TestDevice(bank, signing, encryption, keys, customer, account);
  }

  void activate(Bytes secret) {
    send(new DeviceMessage.ActivateDevice(account, secret, keys, "phone of " + customer));
  }

  DeviceMessage.InstructPayment payment(TestDevice payee, long amountMinor, String instructionId) {
    Instant now = InstantSource.system().instant();
    return new DeviceMessage.InstructPayment(
        new Payment(
            instructionId,
            "e2e-" + instructionId,
            UUID.randomUUID(),
            new PartyAccount(customer, account, bank.id),
            new PartyAccount(payee.customer, payee.account, payee.bank.id),
            new Money(amountMinor, TestNode.CZK),
            null,
            "rent",
            null,
            ChargeBearer.SLEV,
            LocalDate.ofInstant(now, ZoneOffset.UTC)));
  }

  void pay(TestDevice payee, long amountMinor, String instructionId) {
    send(payment(payee, amountMinor, instructionId));
  }

  /** As so many calls of {@link #pay}, for "order-0" and on, and faster. */
  void payOften(TestDevice payee, long amountMinor, int payments) {
    List<String> envelopes = new ArrayList<>();
    for (int i = 0; i < payments; i++) {
      envelopes.add(seal(payment(payee, amountMinor, "order-" + i)));
      if (envelopes.size() == MAX_TOGETHER || i == payments - 1) {
        submitAll(envelopes);
        envelopes.clear();
      }
    }
  }

  DeviceNotice.PaymentStatus awaitStatus(String instructionId, TransactionStatus status) {
    return await(
        DeviceNotice.PaymentStatus.class,
        n -> n.instructionId().equals(instructionId) && n.status() == status);
  }

  DeviceNotice.PaymentStatus awaitFinal(String instructionId) {
    return await(
        DeviceNotice.PaymentStatus.class,
        n -> n.instructionId().equals(instructionId) && n.status().terminal());
  }

  long bookedMinor() {
    return bank.ledger().account(account).orElseThrow().bookedMinor();
  }
}
