package org.interseal.client;

/** A gateway serves records that do not prove the bank that was expected. Do not go on with it. */
public final class BankNotProven extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BankNotProven(String message) {
    super(message);
  }
}
