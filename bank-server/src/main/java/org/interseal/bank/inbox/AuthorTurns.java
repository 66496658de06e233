package org.interseal.bank.inbox;

import java.util.List;
import java.util.OptionalLong;
import org.interseal.bank.ledger.LedgerInput;

/**
 * The order in which inputs are taken: their authors take turns. For the ledger thread; {@link
 * #oldestMillis} for any.
 */
final class AuthorTurns {
  private final FairOrder<InboxItem> order = new FairOrder<>();

  /** Items of one author that come together stay together. */
  void offer(List<InboxItem> items) {
    int from = 0;
    for (int to = 1; to <= items.size(); to++) {
      String author = author(items.get(from).input());
      if (to == items.size() || !author(items.get(to).input()).equals(author)) {
        ReceivedRow row = items.get(from).row();
        order.offer(
            author,
            items.subList(from, to),
            row == null || row.wasParked ? Long.MAX_VALUE : row.waitsSinceMillis);
        from = to;
      }
    }
  }

  /** Who takes turns with others: a device, a branch, another bank; everything else together. */
  private static String author(LedgerInput input) {
    if (input instanceof LedgerInput.FromDevice device) {
      return "device " + device.deviceId();
    }
    if (input instanceof LedgerInput.FromBranch branch) {
      return "branch " + branch.branch();
    }
    if (input instanceof LedgerInput.TransferReceived transfer) {
      return "bank " + transfer.source();
    }
    return input instanceof LedgerInput.ReportReceived report ? "bank " + report.from() : "";
  }

  List<InboxItem> take(int enough) {
    return order.take(enough);
  }

  boolean isEmpty() {
    return order.isEmpty();
  }

  /** Since when, by the inbox's running time, the one waits that waits longest; or empty. */
  OptionalLong oldestMillis() {
    return order.oldestMillis();
  }
}
