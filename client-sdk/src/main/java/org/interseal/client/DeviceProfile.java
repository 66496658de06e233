package org.interseal.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;
import org.jspecify.annotations.Nullable;

/**
 * What a device remembers besides its keys. Immutable.
 *
 * @param v format version, 1
 * @param bank the device's bank, from activation on
 * @param gateways where the bank is reached, in order of preference
 * @param rootCertificate the authority's, DER, as the activation code's fingerprint proved it
 * @param deviceName shown to the customer
 * @param accounts the accounts known to this device
 * @param linked whether the bank has linked the device
 * @param nextNumber the number of the next letter, from 1
 * @param mailboxCursor up to where the mailbox was handled, as the gateway spells it
 * @param pending letters without an answer
 * @param bankRecords proven records of the bank that no gateway may take back
 * @param seen the notices that were told, against repetitions
 */
public record DeviceProfile(
    int v,
    @Nullable BankId bank,
    List<URI> gateways,
    @Nullable Bytes rootCertificate,
    @Nullable String deviceName,
    List<Iban> accounts,
    boolean linked,
    long nextNumber,
    @Nullable String mailboxCursor,
    List<PendingLetter> pending,
    List<String> bankRecords,
    SeenNotices seen) {
  public static final int VERSION = 1;

  /** Most letters that wait for an answer. */
  public static final int MAX_PENDING = 512;

  /** How many records of the bank are kept. */
  public static final int MAX_BANK_RECORDS = 1_000;

  public DeviceProfile {
    if (v != VERSION) {
      throw new IllegalArgumentException(
          "device profile of format version " + v + ", not " + VERSION);
    }
    if (nextNumber < 1 || pending.size() > MAX_PENDING) {
      throw new IllegalArgumentException("not a device profile");
    }
    gateways = List.copyOf(gateways);
    accounts = List.copyOf(accounts);
    pending = List.copyOf(pending);
    bankRecords = List.copyOf(bankRecords);
    java.util.Objects.requireNonNull(seen);
  }

  /** Of a device that was never linked. */
  public static DeviceProfile fresh() {
    return new DeviceProfile(
        VERSION,
        null,
        List.of(),
        null,
        null,
        List.of(),
        false,
        1,
        null,
        List.of(),
        List.of(),
        SeenNotices.none());
  }

  /** Of a device that numbers its letters from here. */
  public DeviceProfile numberedFrom(long number) {
    return with(number, mailboxCursor, pending, seen);
  }

  /** With the bank that the device belongs to. */
  public DeviceProfile at(
      BankId itsBank, List<URI> itsGateways, Bytes root, String name, List<Iban> itsAccounts) {
    return new DeviceProfile(
        v,
        itsBank,
        itsGateways,
        root,
        name,
        itsAccounts,
        linked,
        nextNumber,
        mailboxCursor,
        pending,
        bankRecords,
        seen);
  }

  DeviceProfile withLinked(boolean nowLinked) {
    return new DeviceProfile(
        v,
        bank,
        gateways,
        rootCertificate,
        deviceName,
        accounts,
        nowLinked,
        nextNumber,
        mailboxCursor,
        pending,
        bankRecords,
        seen);
  }

  /** The number is used up, and this letter carries it. */
  DeviceProfile withSealed(PendingLetter letter) {
    List<PendingLetter> more = new ArrayList<>(pending);
    more.add(letter);
    return with(nextNumber + 1, mailboxCursor, more, seen);
  }

  DeviceProfile withoutPending(Bytes messageId) {
    return pending.stream().noneMatch(letter -> letter.messageId().equals(messageId))
        ? this
        : with(
            nextNumber,
            mailboxCursor,
            pending.stream().filter(letter -> !letter.messageId().equals(messageId)).toList(),
            seen);
  }

  DeviceProfile withoutExpired(long nowMillis) {
    return with(
        nextNumber,
        mailboxCursor,
        pending.stream().filter(letter -> letter.expiresAtMillis() > nowMillis).toList(),
        seen);
  }

  DeviceProfile withCursor(String cursor) {
    return with(nextNumber, cursor, pending, seen);
  }

  DeviceProfile withSeen(Bytes messageId, long expiresAtMillis, long nowMillis) {
    return with(
        nextNumber, mailboxCursor, pending, seen.with(messageId, expiresAtMillis, nowMillis));
  }

  /** Of another process's records those stay for which there is room. */
  DeviceProfile withBankRecords(List<String> records) {
    List<String> kept =
        Stream.concat(records.stream(), bankRecords.stream())
            .distinct()
            .limit(MAX_BANK_RECORDS)
            .toList();
    return kept.equals(bankRecords)
        ? this
        : new DeviceProfile(
            v,
            bank,
            gateways,
            rootCertificate,
            deviceName,
            accounts,
            linked,
            nextNumber,
            mailboxCursor,
            pending,
            kept,
            seen);
  }

  private DeviceProfile with(
      long number, @Nullable String cursor, List<PendingLetter> letters, SeenNotices notices) {
    return new DeviceProfile(
        v,
        bank,
        gateways,
        rootCertificate,
        deviceName,
        accounts,
        linked,
        number,
        cursor,
        letters,
        bankRecords,
        notices);
  }
}
