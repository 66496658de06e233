package org.interseal.protocol.banking;

import org.interseal.identity.BankId;

/**
 * A debtor or a creditor.
 *
 * @param name 1 to 70 characters
 * @param account its IBAN
 * @param agent its bank, the same that the IBAN names
 */
public record PartyAccount(String name, Iban account, BankId agent) {
  public PartyAccount {
    Texts.require("name", name, 1, 70);
    if (!account.isAt(agent)) {
      throw new IllegalArgumentException("the account is not at the agent");
    }
  }
}
