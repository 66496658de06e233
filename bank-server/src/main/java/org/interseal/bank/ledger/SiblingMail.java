package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.InterbankMessage.Report;

/** What a block of one ledger partition says to another one of the same bank. */
public final class SiblingMail {
  private SiblingMail() {}

  /**
   * The transfers to that partition and the answers to its own, in order; the last input ends the
   * block.
   *
   * @param from the partition whose block it is
   * @param block a block that stands
   * @param to not {@code from}
   */
  public static List<LedgerInput> in(BankId bank, int from, long height, BlockBody block, int to) {
    Peer reader = new Peer(bank, to);
    List<Integer> concerning = new ArrayList<>();
    for (int i = 0; i < block.events().size(); i++) {
      if (concerns(block.events().get(i), reader)) {
        concerning.add(i);
      }
    }
    List<LedgerInput> inputs = new ArrayList<>(concerning.size());
    for (int index : concerning) {
      Long ends = inputs.size() == concerning.size() - 1 ? height : null;
      String reference = reference(from, height, index);
      inputs.add(
          switch (block.events().get(index)) {
            case LedgerEvent.TransferSent e ->
                new LedgerInput.SiblingTransfer(reference, from, e.transfer(), ends);
            case LedgerEvent.TransferCredited e ->
                new LedgerInput.SiblingAnswer(
                    reference,
                    from,
                    new Report(e.transfer().number(), e.digest(), TransactionStatus.ACCC, null),
                    ends);
            case LedgerEvent.TransferRejected e ->
                new LedgerInput.SiblingAnswer(
                    reference,
                    from,
                    new Report(e.number(), e.digest(), TransactionStatus.RJCT, e.reason()),
                    ends);
            default -> throw new IllegalStateException("an event that says nothing to anybody");
          });
    }
    return inputs;
  }

  private static boolean concerns(LedgerEvent event, Peer reader) {
    return switch (event) {
      case LedgerEvent.TransferSent e -> e.target().equals(reader);
      case LedgerEvent.TransferCredited e -> e.source().equals(reader);
      case LedgerEvent.TransferRejected e -> e.source().equals(reader);
      default -> false;
    };
  }

  /** Whether only a bank with several partitions has such events. */
  public static boolean isBetweenPartitions(LedgerEvent event) {
    return event instanceof LedgerEvent.SiblingRead
        || event.postings().stream()
            .anyMatch(posting ->
                posting.account() instanceof LedgerAccount.InFlightTo
                    || posting.account() instanceof LedgerAccount.PositionWith);
  }

  /** Names an event of a partition's block, as {@code p01.000000000042/17}. */
  static String reference(int partition, long height, int event) {
    return String.format("p%02d.%012d/%d", partition, height, event);
  }
}
