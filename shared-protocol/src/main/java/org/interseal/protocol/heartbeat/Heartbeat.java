package org.interseal.protocol.heartbeat;

import org.interseal.identity.BankId;
import org.interseal.identity.Party;

/**
 * A sign of life, signed by the node's own key as a statement of type {@link #STATEMENT_TYPE}. It
 * says who runs what, and decides nothing: a store can hold it back or show an old one.
 *
 * @param role the code of {@link org.interseal.identity.PartyRole}
 * @param node the node's name, unique within bank and role
 * @param program the version of its program
 * @param atMillis the node's clock
 */
public record Heartbeat(
    int v, BankId bank, String role, String node, String program, long atMillis) {
  public static final int VERSION = 1;

  /** The {@code typ} of the signed statement. */
  public static final String STATEMENT_TYPE = "interseal-heartbeat";

  static Heartbeat of(Party node, String program, long atMillis) {
    return new Heartbeat(VERSION, bankOf(node), node.role().code(), node.name(), program, atMillis);
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
