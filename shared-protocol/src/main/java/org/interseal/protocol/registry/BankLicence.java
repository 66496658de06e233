package org.interseal.protocol.registry;

import java.time.Instant;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * A bank's licence, signed by the authority. The licence with the highest number is in force;
 * suspending, reinstating and renewing each issue the next one.
 *
 * @param v format version, 1
 * @param number rises with every licence of this bank, from 1
 * @param certificate the bank's certificate, DER
 * @param encryptionKey SubjectPublicKeyInfo of the key that was proved to the authority
 * @param epoch which of the bank's encryption keys that is, from 1
 * @param partitions how many ledger partitions the bank has, 1 to 100, fixed at its founding
 * @param notBeforeMillis start of validity, UTC
 * @param notAfterMillis end of validity, UTC, exclusive
 * @param legalName at most 140 characters
 * @param legalForm at most 35 characters
 */
public record BankLicence(
    int v,
    BankId bank,
    long number,
    Bytes certificate,
    Bytes encryptionKey,
    int epoch,
    int partitions,
    LicenceStatus status,
    long notBeforeMillis,
    long notAfterMillis,
    String legalName,
    String legalForm)
    implements RegistryRecord {
  /** Most ledger partitions of a bank. */
  public static final int MAX_PARTITIONS = RecordShape.MAX_PARTITIONS;

  public static final int MAX_LEGAL_NAME_LENGTH = 140;
  public static final int MAX_LEGAL_FORM_LENGTH = 35;

  public BankLicence {
    RecordShape.version(v);
    RecordShape.require(number >= 1 && epoch >= 1, "numbers start at 1");
    RecordShape.require(
        partitions >= 1 && partitions <= RecordShape.MAX_PARTITIONS, "1 to 100 partitions");
    RecordShape.require(
        notBeforeMillis >= 0 && notBeforeMillis < notAfterMillis, "validity ends before it begins");
    RecordShape.text(legalName, MAX_LEGAL_NAME_LENGTH, "legal name");
    RecordShape.text(legalForm, MAX_LEGAL_FORM_LENGTH, "legal form");
    java.util.Objects.requireNonNull(bank);
    java.util.Objects.requireNonNull(certificate);
    java.util.Objects.requireNonNull(encryptionKey);
    java.util.Objects.requireNonNull(status);
  }

  public Instant notBefore() {
    return Instant.ofEpochMilli(notBeforeMillis);
  }

  public Instant notAfter() {
    return Instant.ofEpochMilli(notAfterMillis);
  }

  /** The next licence, which differs in status alone. */
  public BankLicence withStatus(long nextNumber, LicenceStatus nextStatus) {
    return new BankLicence(
        v,
        bank,
        nextNumber,
        certificate,
        encryptionKey,
        epoch,
        partitions,
        nextStatus,
        notBeforeMillis,
        notAfterMillis,
        legalName,
        legalForm);
  }

  /** The next licence, with a new certificate for the same key and a new validity. */
  public BankLicence renewed(
      long nextNumber, Bytes nextCertificate, Instant notBefore, Instant notAfter) {
    return new BankLicence(
        v,
        bank,
        nextNumber,
        nextCertificate,
        encryptionKey,
        epoch,
        partitions,
        status,
        notBefore.toEpochMilli(),
        notAfter.toEpochMilli(),
        legalName,
        legalForm);
  }
}
