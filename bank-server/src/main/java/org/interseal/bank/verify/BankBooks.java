package org.interseal.bank.verify;

import java.util.function.IntFunction;
import org.interseal.bank.chain.ChainContent;
import org.interseal.bank.chain.NodeTrust;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.identity.BankId;
import org.interseal.store.AppendTable;

/**
 * Everything that is needed to verify one bank.
 *
 * @param partitions how many chains the bank was founded with
 * @param blocks its table {@code blocks}
 * @param trust its nodes, as certified under the root
 * @param emptyContent what no block of that partition adds up to
 * @param newFold an empty ledger of that partition
 */
public record BankBooks(
    BankId bank,
    int partitions,
    AppendTable blocks,
    NodeTrust trust,
    PeriodKeys periods,
    IntFunction<ChainContent> emptyContent,
    IntFunction<LedgerFold> newFold) {}
