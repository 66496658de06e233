package org.interseal.bank.verify;

import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;

/** Another bank, in one currency. */
public record Counterparty(BankId bank, CurrencyCode currency) {}
