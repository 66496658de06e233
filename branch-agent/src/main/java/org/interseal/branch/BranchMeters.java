package org.interseal.branch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;

/** The branch's metrics, named in docs/operating/branch.md. */
final class BranchMeters {
  private static final String MAILBOX_ROWS = "interseal.branch.mailbox.rows";

  private final MeterRegistry registry;

  BranchMeters(MeterRegistry registry, RequestBook book, InstantSource clock) {
    this.registry = registry;
    Gauge.builder("interseal.branch.requests.open", book, RequestBook::openCount)
        .description("letters without an answer")
        .register(registry);
    Gauge.builder(
            "interseal.branch.oldest.unanswered",
            book,
            b ->
                b.oldestOpen()
                    .map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
                    .orElse(0.0))
        .baseUnit("seconds")
        .description("age of the oldest letter without an answer")
        .register(registry);
  }

  /** Counts a row by what it turned out to be. */
  void mailboxRow(AnswerReader.Reading reading) {
    String outcome =
        switch (reading) {
          case AnswerReader.Reading.Answer _ -> "answer";
          case AnswerReader.Reading.NotAwaited _ -> "not-awaited";
          case AnswerReader.Reading.Refused(String reason) -> reason;
        };
    registry.counter(MAILBOX_ROWS, "outcome", outcome).increment();
  }
}
