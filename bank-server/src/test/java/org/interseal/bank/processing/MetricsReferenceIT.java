package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.interseal.bank.ledger.Decision;
import org.interseal.bank.ledger.Ledger;
import org.interseal.bank.ledger.LedgerInput;
import org.interseal.bank.ledger.Outcomes;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.interseal.protocol.message.ChainHead;
import org.interseal.protocol.message.InterbankMessage.Report;
import org.interseal.service.DocumentedPage;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/reference/metrics.md to what servers count while payments of every kind pass. */
@Timeout(120)
class MetricsReferenceIT {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final DocumentedPage PAGE = DocumentedPage.of("reference/metrics.md");

  @TempDir Path directory;
  private TestFederation federation;
  private TestNode bankA;
  private TestNode bankB;

  @BeforeEach
  void start() throws Exception {
    federation = new TestFederation(Stores.sqlite(directory));
    bankA = federation.bank("AAAAXX00");
    bankB = federation.bank("BBBBXX00");
    TestBranch branchA = TestBranch.of(bankA);
    TestBranch branchB = TestBranch.of(bankB);
    bankA.start();
    bankB.start();
    paySettledReturnedAndRefused(branchA.customer("Alice", 100_00), branchB.customer("Bob", 0));
    answerNothing();
    new BankMeters(bankA.meters).setAside("malformed");
    new BankMeters(bankA.meters).junk("unknown");
  }

  @AfterEach
  void stop() {
    federation.close();
  }

  private void paySettledReturnedAndRefused(TestDevice payer, TestDevice payee) {
    payer.pay(payee, 10_00, "settled");
    payer.pay(TestDevice.of(bankB, "Nobody", Iban.of(bankB.id, 0, 999_999)), 10_00, "returned");
    payer.pay(payee, 1_000_00, "refused");
    assertThat(payer.awaitFinal("settled").status()).isEqualTo(TransactionStatus.ACCC);
    assertThat(payer.awaitFinal("returned").status()).isEqualTo(TransactionStatus.RJCT);
    assertThat(payer.awaitFinal("refused").status()).isEqualTo(TransactionStatus.RJCT);
  }

  private void answerNothing() {
    Bytes digest = Bytes.of(new byte[32]);
    new PaymentTrail(new BankMeters(bankA.meters))
        .decided(
            Ledger.empty(bankA.id, 0),
            1,
            new LedgerInput.ReportReceived(
                "reference",
                bankB.id,
                0,
                "s1",
                new Report(1, digest, TransactionStatus.ACCC, null),
                new ChainHead(bankB.id, 0, 1, digest),
                ""),
            new Decision(List.of(), List.of(), Outcomes.LATE_REPORT));
  }

  @Test
  void theReferenceListsEveryMetricWithItsKindAndItsTags() {
    Map<String, String> documented = new TreeMap<>();
    for (List<String> row : PAGE.rows("bank-server")) {
      documented.put(
          code(row.get(0)).getFirst(), row.get(1) + " " + new TreeSet<>(code(row.get(2))));
    }
    Map<String, String> counted = new TreeMap<>();
    for (Meter meter : ours()) {
      Set<String> tags =
          meter.getId().getTags().stream()
              .map(Tag::getKey)
              .collect(Collectors.toCollection(TreeSet::new));
      counted.put(meter.getId().getName(), kind(meter) + " " + tags);
    }
    assertThat(counted).isEqualTo(documented);
  }

  @Test
  void theReferenceListsEveryValueOfATag() {
    assertThat(values("interseal.crypto.operations", "op"))
        .isEqualTo(new TreeSet<>(code(meaning("interseal.crypto.operations"))));
    assertThat(values("interseal.store.rows", "table"))
        .isEqualTo(
            Arrays.stream(TableName.values())
                .filter(TableName::appendOnly)
                .map(TableName::sqlName)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void theReferenceListsEveryStepAndTheLedgersPageEveryResult() {
    Set<String> steps = new TreeSet<>();
    Set<String> results = new TreeSet<>();
    for (TestNode bank : List.of(bankA, bankB)) {
      for (Meter meter : bank.meters.find("interseal.payments").meters()) {
        String outcome = Objects.requireNonNull(meter.getId().getTag("outcome"));
        int dash = outcome.indexOf('-');
        steps.add(outcome.substring(0, dash));
        results.add(outcome.substring(dash + 1));
      }
    }
    assertThat(steps)
        .isEqualTo(
            PAGE.rows("Steps of payments").stream()
                .map(row -> code(row.get(0)).getFirst())
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(results).hasSizeGreaterThan(2);
    Set<String> outcomes = documentedOutcomes();
    assertThat(outcomes).containsAll(results);
  }

  private static Set<String> documentedOutcomes() {
    Set<String> outcomes =
        DocumentedPage.of("reference/ledger.md").rows("Outcomes").stream()
            .flatMap(row -> code(row.get(0)).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    for (ReasonCode reason : ReasonCode.values()) {
      outcomes.add(reason.name().toLowerCase(Locale.ROOT));
    }
    return outcomes;
  }

  private List<Meter> ours() {
    // Percentiles of a timer are part of it.
    return bankA.meters.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("interseal."))
        .filter(meter -> !meter.getId().getName().endsWith(".percentile"))
        .toList();
  }

  private Set<String> values(String metric, String tag) {
    return bankA.meters.find(metric).meters().stream()
        .map(meter -> Objects.requireNonNull(meter.getId().getTag(tag)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String meaning(String metric) {
    return PAGE.rows("bank-server").stream()
        .filter(row -> row.get(0).equals("`" + metric + "`"))
        .findFirst()
        .orElseThrow()
        .get(3);
  }

  private static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  private static String kind(Meter meter) {
    return switch (meter.getId().getType()) {
      case DISTRIBUTION_SUMMARY -> "summary";
      case COUNTER, GAUGE, TIMER, LONG_TASK_TIMER, OTHER ->
          meter.getId().getType().name().toLowerCase(Locale.ROOT);
    };
  }
}
