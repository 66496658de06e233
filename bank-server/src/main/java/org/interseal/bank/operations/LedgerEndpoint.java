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
import org.interseal.bank.processing.BankServer;
import org.interseal.protocol.banking.CurrencyCode;
import org.jspecify.annotations.Nullable;
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
   * What this server does with a partition, and how far it is.
   *
   * @param writer the server that writes it, as far as this one knows
   */
  record PartitionLine(int partition, String phase, @Nullable String writer, long height) {}

  /**
   * The summary of one partition.
   *
   * @param partitions all of them, in short
   * @param customerTotalsMinor sum of all customers' balances per currency
   * @param totalsMinor sum of everything per currency: 0, or money was created
   * @param outstanding unanswered transfers per counterparty
   */
  record Summary(
      int partition,
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
      int inboxRows,
      List<PartitionLine> partitions) {}

  private final BankServer server;

  LedgerEndpoint(BankServer server) {
    this.server = server;
  }

  /**
   * @param partition the lowest when it is not given; null when there is no such partition
   */
  @ReadOperation
  @Nullable Summary summary(@Nullable Integer partition) {
    return Partitions.named(server, partition).map(this::summary).orElse(null);
  }

  private static String phase(BankNode node) {
    return node.phase().getClass().getSimpleName();
  }

  private Summary summary(BankNode node) {
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
        state.partition(),
        phase(node),
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
        node.inboxRows(),
        server.partitions().stream()
            .map(one ->
                new PartitionLine(
                    one.settings().partition(),
                    phase(one),
                    one.writer().orElse(null),
                    one.tip().height()))
            .toList());
  }
}
