package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import org.interseal.service.DocumentedPage;
import org.junit.jupiter.api.Test;

class BranchMetersTest {
  @Test
  void theGuideListsEveryMetric() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    InstantSource clock = InstantSource.fixed(Instant.EPOCH);

    new BranchMeters(registry, new RequestBook(), clock)
        .mailboxRow(new AnswerReader.Reading.NotAwaited());

    assertThat(registry.getMeters())
        .extracting(meter -> "`" + meter.getId().getName() + "`")
        .containsExactlyInAnyOrderElementsOf(
            DocumentedPage.of("operating/branch.md").rows("Health and metrics").stream()
                .map(row -> row.get(0))
                .toList());
  }
}
