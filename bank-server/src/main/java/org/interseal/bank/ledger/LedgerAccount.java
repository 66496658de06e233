package org.interseal.bank.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;

/**
 * An account of a ledger partition. Its text form stands in blocks.
 *
 * <p>Balances are credit positive: what the bank owes is positive, what it has or is owed is
 * negative. So a customer's money is positive, a branch's cash (an asset) negative, and a negative
 * position is our claim on that bank.
 */
public sealed interface LedgerAccount {
  /** A customer's current account; never below zero. */
  record Customer(Iban iban) implements LedgerAccount {
    @Override
    public String key() {
      return "customer:" + iban.value();
    }
  }

  /** The cash of a branch, per currency; from minus the cap to zero. */
  record Cash(String branch) implements LedgerAccount {
    @Override
    public String key() {
      return "cash:" + branch;
    }
  }

  /** Debited from payers and not yet answered by that bank; never below zero. */
  record InFlight(BankId counterparty) implements LedgerAccount {
    @Override
    public String key() {
      return "in-flight:" + counterparty.value();
    }
  }

  /** What we owe another bank (positive) or claim from it (negative, capped). */
  record Position(BankId counterparty) implements LedgerAccount {
    @Override
    public String key() {
      return "position:" + counterparty.value();
    }
  }

  /**
   * Debited from payers for payees of another partition of this bank, and not yet answered there.
   */
  record InFlightTo(int partition) implements LedgerAccount {
    @Override
    public String key() {
      return "in-flight:" + partitionKey(partition);
    }
  }

  /** What this partition owes to another one of this bank (positive), or claims from it. */
  record PositionWith(int partition) implements LedgerAccount {
    @Override
    public String key() {
      return "position:" + partitionKey(partition);
    }
  }

  /**
   * Money that waits for an operator: it cannot go back to its payer, or counts as arrived and has
   * no payee.
   */
  record Suspense() implements LedgerAccount {
    @Override
    public String key() {
      return "suspense";
    }
  }

  /** The text form. */
  @JsonValue
  String key();

  /** Reads {@link #key()}; anything else is an {@link IllegalArgumentException}. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static LedgerAccount parse(String key) {
    int colon = key.indexOf(':');
    String owner = key.substring(colon + 1);
    return switch (colon < 0 ? key : key.substring(0, colon)) {
      case "customer" -> new Customer(new Iban(owner));
      case "cash" -> new Cash(owner);
      case "in-flight" ->
          isPartition(owner) ? new InFlightTo(partition(owner)) : new InFlight(new BankId(owner));
      case "position" ->
          isPartition(owner) ? new PositionWith(partition(owner)) : new Position(new BankId(owner));
      case "suspense" -> new Suspense();
      default -> throw new IllegalArgumentException("not a ledger account");
    };
  }

  private static String partitionKey(int partition) {
    return (partition < 10 ? "p0" : "p") + partition;
  }

  /** BICs have eight characters. */
  private static boolean isPartition(String owner) {
    return owner.length() == 3 && owner.charAt(0) == 'p';
  }

  private static int partition(String owner) {
    int partition = Integer.parseInt(owner, 1, 3, 10);
    if (!partitionKey(partition).equals(owner)) {
      throw new IllegalArgumentException("not a ledger account");
    }
    return partition;
  }
}
