package org.interseal.protocol.message;

import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;

/**
 * The newest block of a ledger chain as its writer saw it, signed by a server, for other banks to
 * remember.
 *
 * @param hash SHA-256 of the block document at {@code height}
 */
public record ChainHead(BankId bank, int partition, long height, Bytes hash) {
  /** The {@code typ} of the signed statement. */
  public static final String STATEMENT_TYPE = "interseal-chain-head";
}
