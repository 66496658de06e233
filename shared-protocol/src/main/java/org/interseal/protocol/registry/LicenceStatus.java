package org.interseal.protocol.registry;

/** Whether a bank may send and take on payments. */
public enum LicenceStatus {
  ACTIVE,
  /**
   * Known, so its signatures can be checked and its answers count, but nothing new is taken on from
   * it.
   */
  SUSPENDED
}
