package org.interseal.bank;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.OpenedLetter;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.banking.ChargeBearer;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.PartyAccount;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceMessage;

/**
 * A payment order that is sealed and opened again, under keys that are made for it and known to
 * nobody else. Nothing of it leaves the process.
 */
final class PractiseLetter implements Runnable {
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final UUID UETR = UUID.fromString("00000000-0000-4000-8000-000000000000");

  private final Party device;
  private final Party bank;
  private final InstantSource clock;
  private final SecureRandom random;
  private final SigningKey ofDevice;
  private final SigningKey ofServer;
  private final DecryptionKey ofBank;
  private final DeviceMessage.InstructPayment message;
  private int rounds;

  PractiseLetter(BankId bank, InstantSource clock, SecureRandom random) {
    this.device = Party.device(bank, "practice");
    this.bank = Party.bank(bank);
    this.clock = clock;
    this.random = random;
    this.ofDevice = SigningKey.generate(SignatureAlgorithm.ES256, random);
    this.ofServer = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    this.ofBank = DecryptionKey.generate(random);
    PartyAccount account = new PartyAccount("Practice", Iban.of(bank, 0, 1), bank);
    this.message =
        new DeviceMessage.InstructPayment(
            new Payment(
                "practice",
                "practice",
                UETR,
                account,
                account,
                new Money(1, new CurrencyCode("EUR")),
                null,
                null,
                null,
                ChargeBearer.SLEV,
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)));
  }

  /** By the algorithms of devices and of servers in turn. */
  @Override
  public void run() {
    SigningKey author = rounds++ % 2 == 0 ? ofDevice : ofServer;
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    random.nextBytes(id);
    Letter letter =
        new Letter(
            device,
            bank,
            "payment.instruct.v1",
            Bytes.of(id),
            1,
            clock.instant(),
            clock.instant().plus(LIFETIME),
            ProtocolJson.encode(message));
    String envelope = Envelope.seal(letter, author, ofBank.encryptionKey(), 0, random);
    try {
      OpenedLetter opened =
          Envelope.open(
              envelope,
              _ -> Optional.of(ofBank),
              (_, _) -> Optional.of(author.verificationKey()),
              bank::equals,
              Optional.empty());
      var _ = ProtocolJson.decode(opened.letter().body(), DeviceMessage.InstructPayment.class);
    } catch (CryptoFailure | MalformedMessage e) {
      throw new IllegalStateException("what was sealed here opens here", e);
    }
  }
}
