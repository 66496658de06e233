package org.interseal.protocol.banking;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The content of a credit transfer (CdtTrfTxInf of pain.001 and pacs.008), the same from the
 * payer's device to the payee's notification.
 *
 * @param instructionId the customer's own reference, 1 to 35 characters (InstrId)
 * @param endToEndId 1 to 35 characters (EndToEndId)
 * @param uetr unique end-to-end transaction reference, a version 4 UUID
 * @param debtor the payer
 * @param creditor the payee
 * @param amount more than zero
 * @param purpose 1 to 35 characters (Purp), or none
 * @param remittance 1 to 140 characters unstructured (Ustrd), or none
 * @param creditorReference 1 to 35 characters structured (CdtrRefInf/Ref), or none; not with {@code
 *     remittance}
 * @param chargeBearer always SLEV
 * @param requestedExecutionDate the business date on which the payer wants it executed
 */
public record Payment(
    String instructionId,
    String endToEndId,
    UUID uetr,
    PartyAccount debtor,
    PartyAccount creditor,
    Money amount,
    @Nullable String purpose,
    @Nullable String remittance,
    @Nullable String creditorReference,
    ChargeBearer chargeBearer,
    LocalDate requestedExecutionDate) {
  public Payment {
    Texts.require("instructionId", instructionId, 1, 35);
    Texts.require("endToEndId", endToEndId, 1, 35);
    Texts.requireOptional("purpose", purpose, 35);
    Texts.requireOptional("remittance", remittance, 140);
    Texts.requireOptional("creditorReference", creditorReference, 35);
    if (remittance != null && creditorReference != null) {
      throw new IllegalArgumentException("remittance is either unstructured or structured");
    }
    if (uetr.version() != 4 || uetr.variant() != 2) {
      throw new IllegalArgumentException("a UETR is a version 4 UUID");
    }
    if (!amount.isPositive()) {
      throw new IllegalArgumentException("amount must be more than zero");
    }
    java.util.Objects.requireNonNull(chargeBearer);
    java.util.Objects.requireNonNull(requestedExecutionDate);
  }
}
