package org.interseal.service;

/**
 * The configuration cannot be used. Start-up ends with what is wrong and what to do, without a
 * stack trace.
 */
public final class ConfigurationRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String action;

  /**
   * Says what is wrong; never contains a secret.
   *
   * @param action what the operator should do
   */
  public ConfigurationRefused(String message, String action) {
    super(message);
    this.action = action;
  }

  /** What the operator should do. */
  public String action() {
    return action;
  }
}
