package org.interseal.store;

/** The store did not answer, or not in time. Nothing is known about what was asked; ask again. */
public final class StoreUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public StoreUnavailable(String message) {
    super(message);
  }
}
