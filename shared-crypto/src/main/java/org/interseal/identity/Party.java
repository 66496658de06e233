package org.interseal.identity;

import java.util.regex.Pattern;

/**
 * Somebody who signs or is written to.
 *
 * @param role the capacity
 * @param bank the bank it belongs to; {@code null} for the authority alone
 * @param name unique within bank and role: a server, gateway or branch name, or a device id; empty
 *     for the bank itself and for the authority
 */
public record Party(PartyRole role, @org.jspecify.annotations.Nullable BankId bank, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{0,64}");

  public Party {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a party name: " + name);
    }
    if ((role == PartyRole.AUTHORITY) != (bank == null)) {
      throw new IllegalArgumentException("every party but the authority belongs to a bank");
    }
  }

  /** A bank as addressee: whoever of its servers holds the shared decryption key. */
  public static Party bank(BankId bank) {
    return new Party(PartyRole.BANK, bank, "");
  }

  /** One processing server. */
  public static Party server(BankId bank, String name) {
    return new Party(PartyRole.SERVER, bank, name);
  }

  /** One branch. */
  public static Party branch(BankId bank, String name) {
    return new Party(PartyRole.BRANCH, bank, name);
  }

  /** One gateway. */
  public static Party gateway(BankId bank, String name) {
    return new Party(PartyRole.GATEWAY, bank, name);
  }

  /** One customer's device. */
  public static Party device(BankId bank, String deviceId) {
    return new Party(PartyRole.DEVICE, bank, deviceId);
  }

  /** The licensing authority. */
  public static Party authority() {
    return new Party(PartyRole.AUTHORITY, null, "");
  }

  /** {@code role:bank:name}, the spelling inside a signature. */
  public String wire() {
    return role.code() + ":" + (bank == null ? "" : bank.value()) + ":" + name;
  }

  /** Reads {@link #wire()}; anything else is an {@link IllegalArgumentException}. */
  public static Party parse(String wire) {
    String[] parts = wire.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a party: " + wire);
    }
    for (PartyRole role : PartyRole.values()) {
      if (role.code().equals(parts[0])) {
        return new Party(role, parts[1].isEmpty() ? null : new BankId(parts[1]), parts[2]);
      }
    }
    throw new IllegalArgumentException("not a party: " + wire);
  }
}
