package org.interseal.bank.operations;

import java.util.Optional;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.jspecify.annotations.Nullable;

/** Which partition an operator asks about: the lowest, unless he names another. */
final class Partitions {
  private static final int LOWEST = 0;

  private Partitions() {}

  /** Empty when the bank has no such partition. */
  static Optional<BankNode> named(BankServer server, @Nullable Integer partition) {
    return server.partition(partition == null ? LOWEST : partition);
  }
}
