package org.interseal.bank.processing;

import java.util.ArrayList;
import java.util.List;
import org.interseal.bank.inbox.InboxItem;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.InterbankMessage.Report;

/** Takes silence for a rejection. */
final class PlantedRefund {
  private static final long PATIENCE_MILLIS = 2_000;

  private PlantedRefund() {}

  static List<InboxItem> news(InternalInputs internal, LedgerState state) {
    List<InboxItem> items = new ArrayList<>(internal.news(state));
    state
        .outstanding()
        .filter(waiting -> waiting.sentAtMillis() + PATIENCE_MILLIS < state.ledgerTimeMillis())
        .map(waiting ->
            new LedgerInput.ReportReceived(
                "refund/" + waiting.transfer().number(),
                waiting.target().bank(),
                waiting.target().partition(),
                "nobody",
                new Report(
                    waiting.transfer().number(),
                    waiting.digest(),
                    TransactionStatus.RJCT,
                    ReasonCode.AM04),
                new ChainHead(
                    waiting.target().bank(),
                    waiting.target().partition(),
                    0,
                    Bytes.of(new byte[32])),
                "no head"))
        .map(InboxItem::internal)
        .forEach(items::add);
    return items;
  }
}
