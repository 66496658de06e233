package org.interseal.client;

/** No gateway of the bank gave a usable answer. */
public final class BankUnreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BankUnreachable(String message) {
    super(message);
  }
}
