package org.interseal.client;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.ProtocolJson;

/**
 * A payment that is told from others by what it instructs: its UETR follows from everything but the
 * date. So the same instruction has the same UETR on any day, and another one under the same
 * reference has another.
 */
public final class RepeatablePayment {
  private static final UUID NO_UETR = new UUID(0x4000L, 0x8000000000000000L);
  private static final String LABEL = "interseal repeatable payment v1";

  private RepeatablePayment() {}

  /**
   * The payment under its own UETR, whichever it had. Who knows or guesses the whole instruction
   * knows that UETR, and finds it in a bank's logs by its hash: for instructions that are no
   * secret.
   */
  public static Payment of(Payment payment) {
    return named(payment, instructed(payment));
  }

  /**
   * The payment under a UETR that nobody can work out without this key, whatever they guess.
   *
   * @param key the device's; Ed25519, whose signatures of the same content are the same
   */
  static Payment of(Payment payment, SigningKey key) {
    return named(payment, key.sign(instructed(payment)));
  }

  private static Bytes instructed(Payment payment) {
    return Bytes.sha256OfFields(
        LABEL, ProtocolJson.encode(with(payment, NO_UETR, LocalDate.EPOCH)));
  }

  private static Payment named(Payment payment, Bytes secret) {
    ByteBuffer hash = ByteBuffer.wrap(Bytes.sha256OfFields(LABEL, secret).toArray());
    UUID uetr =
        new UUID(
            (hash.getLong() & ~0xF000L) | 0x4000L,
            (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L);
    return with(payment, uetr, payment.requestedExecutionDate());
  }

  private static Payment with(Payment payment, UUID uetr, LocalDate date) {
    return new Payment(
        payment.instructionId(),
        payment.endToEndId(),
        uetr,
        payment.debtor(),
        payment.creditor(),
        payment.amount(),
        payment.purpose(),
        payment.remittance(),
        payment.creditorReference(),
        payment.chargeBearer(),
        date);
  }
}
