package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.jspecify.annotations.Nullable;

/**
 * A customer's account.
 *
 * @param reservedMinor part of the booked balance that open holds keep; no message places holds yet
 * @param touchedHeight the newest block that posted to it, 0 for none
 * @param paidEpochDay the business date of {@code paidMinor}
 * @param paidMinor instructed on that date
 * @param inFlight transfers from it that lack an answer
 * @param activation the newest activation code
 */
record CustomerAccount(
    Iban iban,
    long customerId,
    CurrencyCode currency,
    boolean closed,
    long bookedMinor,
    long reservedMinor,
    long touchedHeight,
    long paidEpochDay,
    long paidMinor,
    int inFlight,
    @Nullable Activation activation) {
  static CustomerAccount opened(Iban iban, long customerId, CurrencyCode currency) {
    return new CustomerAccount(iban, customerId, currency, false, 0, 0, 0, 0, 0, 0, null);
  }

  long availableMinor() {
    return bookedMinor - reservedMinor;
  }

  /** Whether a credit keeps the balance within what an amount can say. */
  boolean canTake(long amountMinor) {
    return bookedMinor <= Money.MAX_MINOR - amountMinor;
  }

  long paidOn(long epochDay) {
    return paidEpochDay == epochDay ? paidMinor : 0;
  }

  CustomerAccount posted(long booked, long height) {
    return new CustomerAccount(
        iban,
        customerId,
        currency,
        closed,
        booked,
        reservedMinor,
        height,
        paidEpochDay,
        paidMinor,
        inFlight,
        activation);
  }

  CustomerAccount paying(long epochDay, long amountMinor, int moreInFlight) {
    return new CustomerAccount(
        iban,
        customerId,
        currency,
        closed,
        bookedMinor,
        reservedMinor,
        touchedHeight,
        epochDay,
        Math.addExact(paidOn(epochDay), amountMinor),
        inFlight + moreInFlight,
        activation);
  }

  CustomerAccount answered() {
    if (inFlight < 1) {
      throw new IllegalStateException("nothing in flight from the account");
    }
    return new CustomerAccount(
        iban,
        customerId,
        currency,
        closed,
        bookedMinor,
        reservedMinor,
        touchedHeight,
        paidEpochDay,
        paidMinor,
        inFlight - 1,
        activation);
  }

  CustomerAccount asClosed() {
    return new CustomerAccount(
        iban,
        customerId,
        currency,
        true,
        bookedMinor,
        reservedMinor,
        touchedHeight,
        paidEpochDay,
        paidMinor,
        inFlight,
        null);
  }

  CustomerAccount withActivation(Activation code) {
    return new CustomerAccount(
        iban,
        customerId,
        currency,
        closed,
        bookedMinor,
        reservedMinor,
        touchedHeight,
        paidEpochDay,
        paidMinor,
        inFlight,
        code);
  }

  /**
   * An activation code.
   *
   * @param tried message ids of failed tries
   * @param used whether it linked a device already
   */
  record Activation(Bytes secretHash, long expiresAtMillis, List<Bytes> tried, boolean used) {
    /** Failed tries that are counted and answered. */
    static final int MAX_TRIES = 5;

    Activation {
      tried = List.copyOf(tried);
    }

    boolean exhausted() {
      return tried.size() >= MAX_TRIES;
    }

    boolean opensWith(Bytes hash, long timeMillis) {
      return !used && !exhausted() && timeMillis < expiresAtMillis && secretHash.equals(hash);
    }

    Activation triedBy(Bytes messageId) {
      List<Bytes> all = new ArrayList<>(tried);
      all.add(messageId);
      return new Activation(secretHash, expiresAtMillis, all, used);
    }

    Activation asUsed() {
      return new Activation(secretHash, expiresAtMillis, tried, true);
    }
  }
}
