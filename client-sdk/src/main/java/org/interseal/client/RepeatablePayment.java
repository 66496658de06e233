package org.interseal.client;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.UUID;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.ProtocolJson;

/**
 * A payment that is told from others by what it instructs: its UETR is a hash of everything but the
 * date. So the same instruction has the same UETR on any day and any device, and another one under
 * the same reference has another.
 */
public final class RepeatablePayment {
  private static final UUID NO_UETR = new UUID(0x4000L, 0x8000000000000000L);

  private RepeatablePayment() {}

  /** The payment under its own UETR, whichever it had. */
  public static Payment of(Payment payment) {
    Bytes instructed = ProtocolJson.encode(with(payment, NO_UETR, LocalDate.EPOCH));
    ByteBuffer hash =
        ByteBuffer.wrap(
            Bytes.sha256OfFields("interseal repeatable payment v1", instructed).toArray());
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
