package org.interseal.bank.processing;

/** The server cannot write without a person. The message says what to do. */
final class Halt extends Exception {
  private static final long serialVersionUID = 1L;

  Halt(String message) {
    super(message);
  }
}
