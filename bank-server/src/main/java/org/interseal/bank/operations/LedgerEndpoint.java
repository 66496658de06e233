package org.interseal.bank.operations;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.OutstandingTransfer;
import org.interseal.bank.processing.BankNode;
import org.interseal.protocol.banking.CurrencyCode;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The ledger in summary: no customer's name, account or balance. */
@Endpoint(id = "ledger")
final class LedgerEndpoint {
  /**
   * An account of the bank itself. Credit positive: a negative position is a claim on that bank.
   */
  record OwnAccount(String account, String currency, long balanceMinor) {}

  /**
   * The summary.
   *
   * @param customerTotalsMinor sum of all customers' balances per currency
   * @param totalsMinor sum of everything per currency: 0, or money was created
   * @param outstanding unanswered transfers per counterparty
   */
  record Summary(
      String phase,
      long height,
      String hash,
      long fence,
      Instant ledgerTime,
      int customers,
      int accounts,
      int devices,
      Map<String, Long> customerTotalsMinor,
      Map<String, Long> totalsMinor,
      List<OwnAccount> ownAccounts,
      Map<String, Long> outstanding,
      Map<String, Long> evidence,
      int outboxPending,
      int inboxRows) {}

  private final BankNode node;

  LedgerEndpoint(BankNode node) {
    this.node = node;
  }

  @ReadOperation
  Summary summary() {
    ChainTip tip = node.tip();
    LedgerState state = node.ledger();
    Map<String, Long> customers = new TreeMap<>();
    for (Map.Entry<CurrencyCode, Long> total : state.customerTotals().entrySet()) {
      customers.put(total.getKey().value(), total.getValue());
    }
    Map<String, Long> totals = new TreeMap<>(customers);
    List<OwnAccount> own =
        state
            .ownBalances()
            .map(b -> new OwnAccount(b.account().key(), b.currency().value(), b.balanceMinor()))
            .toList();
    own.forEach(account -> totals.merge(account.currency(), account.balanceMinor(), Long::sum));
    return new Summary(
        node.phase().getClass().getSimpleName(),
        tip.height(),
        tip.hash().toHex(),
        tip.fence(),
        Instant.ofEpochMilli(state.ledgerTimeMillis()),
        state.customerCount(),
        state.accountCount(),
        state.deviceCount(),
        customers,
        totals,
        own,
        state
            .outstanding()
            .collect(
                Collectors.groupingBy(
                    (OutstandingTransfer transfer) -> transfer.target().toString(),
                    TreeMap::new,
                    Collectors.counting())),
        state.evidenceCounts(),
        node.outboxPending(),
        node.inboxRows());
  }
}
