package org.interseal.protocol.heartbeat;

import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.jspecify.annotations.Nullable;

/**
 * A sign of life, signed by the node's own key as a statement of type {@link #STATEMENT_TYPE}. It
 * says who runs what, and decides nothing: a store can hold it back or show an old one.
 *
 * @param role the code of {@link org.interseal.identity.PartyRole}
 * @param node the node's name, unique within bank and role
 * @param program the version of its program
 * @param atMillis the node's clock
 * @param behindMillis how long the oldest message that a server has to decide has waited, in whole
 *     seconds; none when it keeps up. The bank's gateways go slower by it
 */
public record Heartbeat(
    int v,
    BankId bank,
    String role,
    String node,
    String program,
    long atMillis,
    @Nullable Long behindMillis) {
  public static final int VERSION = 1;

  /** The {@code typ} of the signed statement. */
  public static final String STATEMENT_TYPE = "interseal-heartbeat";

  /** A lag of less than a second says more about when one looked than about the load. */
  static Heartbeat of(Party node, String program, long atMillis, long behindMillis) {
    return new Heartbeat(
        VERSION,
        bankOf(node),
        node.role().code(),
        node.name(),
        program,
        atMillis,
        behindMillis < 1_000 ? null : behindMillis / 1_000 * 1_000);
  }

  /** The row of a node: {@code <bank>.<role>.<name>}. */
  public static String rowId(Party node) {
    return bankOf(node) + "." + node.role().code() + "." + node.name();
  }

  private static BankId bankOf(Party node) {
    BankId bank = node.bank();
    if (bank == null) {
      throw new IllegalArgumentException("a node of a bank has a heartbeat");
    }
    return bank;
  }
}
