package org.interseal.branch;

/**
 * The branch could not take a request: no registered key of its bank, a full disk, or it is
 * stopping.
 */
public final class DeskUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeskUnavailable(String message) {
    super(message);
  }

  DeskUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
