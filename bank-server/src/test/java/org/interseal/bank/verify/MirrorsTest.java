package org.interseal.bank.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainWorld;
import org.interseal.bank.chain.PlantedTable;
import org.interseal.bank.verify.Finding.Problem;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Money;
import org.junit.jupiter.api.Test;

/** Two partitions of one bank, held against each other. */
class MirrorsTest {
  private static final BankId BANK = new BankId("BKABXX00");
  private static final CurrencyCode CZK = new CurrencyCode("CZK");

  private final Map<Integer, Long> inFlight = new HashMap<>();
  private final Map<Integer, Long> position = new HashMap<>();
  private final Set<TransferKey> sent = new HashSet<>();
  private final Set<TransferKey> accepted = new HashSet<>();

  /** The books of partitions 0 and 1; amounts are those with the respective other one. */
  private List<Finding> findings() {
    ChainWorld world = new ChainWorld(BANK, new PlantedTable());
    BankBooks books =
        new BankBooks(
            BANK,
            2,
            new PlantedTable(),
            world::trust,
            world.periods,
            _ -> ChainWorld.content(),
            _ -> new ScriptedFold(BANK));
    Map<ChainIdentity, ChainAudit> audits = new HashMap<>();
    Map<ChainIdentity, FoldedLedger> ledgers = new HashMap<>();
    for (int partition = 0; partition < 2; partition++) {
      int self = partition;
      Counterparty other = new Counterparty(BANK, 1 - partition, CZK);
      audits.put(new ChainIdentity(BANK, partition), new ChainAudit(books, partition));
      ledgers.put(
          new ChainIdentity(BANK, partition),
          new FoldedLedger(
              Map.of(),
              Map.of(other, inFlight.getOrDefault(partition, 0L)),
              Map.of(other, position.getOrDefault(partition, 0L)),
              sent.stream()
                  .filter(key -> key.sourcePartition() == self)
                  .map(key ->
                      new OutgoingTransfer(
                          key, new Money(300, CZK), OutgoingTransfer.State.IN_FLIGHT))
                  .toList(),
              accepted.stream()
                  .filter(key -> key.targetPartition() == self)
                  .collect(java.util.stream.Collectors.toSet()),
              List.of()));
    }
    return Mirrors.check(List.of(books), audits, ledgers);
  }

  private static TransferKey transfer(int source, int target) {
    return new TransferKey(BANK, source, BANK, target, 1);
  }

  @Test
  void aPaymentBetweenPartitionsMayBeAnywhereOnItsWay() {
    assertThat(findings()).isEmpty();
    inFlight.put(0, 300L);
    assertThat(findings()).extracting(Finding::problem).containsExactly(Problem.MIRROR_BROKEN);
    sent.add(transfer(0, 1));
    assertThat(findings()).isEmpty();
    accepted.add(transfer(0, 1));
    assertThat(findings()).extracting(Finding::problem).containsExactly(Problem.MIRROR_BROKEN);
    position.put(1, -300L);
    assertThat(findings()).isEmpty();
    inFlight.clear();
    sent.clear();
    position.put(0, 300L);
    assertThat(findings()).isEmpty();
  }

  @Test
  void moneyThatOnePartitionMadeOfNothingIsFound() {
    position.put(0, 300L);
    position.put(1, -299L);

    assertThat(findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.problem()).isEqualTo(Problem.MIRROR_BROKEN);
          assertThat(finding.partition()).isZero();
          assertThat(finding.detail()).contains("partition 1").contains("differ by 1 CZK");
        });
  }
}
