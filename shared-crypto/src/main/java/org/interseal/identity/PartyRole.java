package org.interseal.identity;

/** In which capacity somebody signs. A certificate or a registered key record fixes it. */
public enum PartyRole {
  /** The licensing authority of the territory; its root certifies banks and signs licences. */
  AUTHORITY("authority"),
  /** A bank's certifying key: certifies, revokes and publishes epochs; never signs a payment. */
  BANK("bank"),
  /** A bank's internal CA: certifies servers, gateways and branches of that bank only. */
  INTERNAL_CA("internal-ca"),
  /** A processing server of a bank. */
  SERVER("server"),
  /** A gateway at a bank's edge. */
  GATEWAY("gateway"),
  /** A branch of a bank. */
  BRANCH("branch"),
  /** A customer's device, known by a registered key record instead of a certificate. */
  DEVICE("device");

  private final String code;

  PartyRole(String code) {
    this.code = code;
  }

  /** The spelling on the wire. */
  public String code() {
    return code;
  }
}
