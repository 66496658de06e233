package org.interseal.store;

/** The tables. Shared ones live in the federation's database, the others in each bank's own. */
public enum TableName {
  /** Sealed messages: stream = addressee bank, body = envelope. */
  TRANSACTIONS(true, true),
  /** Licences, node certificates, revocations, epochs, resolutions: stream = bank. */
  BANK_KEYS(true, true),
  /** Signed signs of life: id = member and node. */
  HEARTBEATS(true, false),
  /** Ledger blocks: id = partition, height, attempt. */
  BLOCKS(false, true),
  /** The bank's shared keys, wrapped to its nodes: stream = node. */
  WRAPPED_KEYS(false, true),
  /** Snapshot chunks. */
  SNAPSHOTS(false, true),
  /** Sealed messages to devices and branches: stream = owner. */
  MAILBOX(false, true),
  /** What gateways must know of devices: stream = {@code devices}. */
  DEVICES(false, true),
  /** Messages set aside: stream = partition. */
  SET_ASIDE(false, true),
  /** Who should write a partition; a hint. */
  LEASES(false, false);

  private final boolean shared;
  private final boolean appendOnly;

  TableName(boolean shared, boolean appendOnly) {
    this.shared = shared;
    this.appendOnly = appendOnly;
  }

  public boolean shared() {
    return shared;
  }

  public boolean appendOnly() {
    return appendOnly;
  }

  /** Lower-case name in the database. */
  public String sqlName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
