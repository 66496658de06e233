package org.interseal.bank.founding;

/**
 * What a bank tells the authority about itself.
 *
 * @param partitions ledger partitions, 1 to 100, fixed for ever
 */
public record Licensee(String legalName, String legalForm, int partitions) {}
