package org.interseal.branch;

import java.nio.file.Path;
import java.time.Duration;
import org.interseal.service.ConfigurationRefused;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What only a branch reads.
 *
 * @param journal the branch's own durable memory, on its own disk
 * @param answerWait how long a teller's call is held for the bank's answer; 0 to 60 s
 * @param directoryPoll how often the published keys are looked at without being told of a change
 */
@ConfigurationProperties("interseal.branch")
record BranchProperties(
    @Nullable Path journal,
    @DefaultValue("10s") Duration answerWait,
    @DefaultValue("5s") Duration directoryPoll) {
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  BranchProperties {
    if (answerWait.isNegative() || answerWait.compareTo(MAX_WAIT) > 0) {
      throw new ConfigurationRefused(
          "interseal.branch.answer-wait is out of range", "Use 0s to 60s.");
    }
  }

  Path requireJournal() {
    if (journal == null) {
      throw new ConfigurationRefused(
          "interseal.branch.journal is not set", "Set it to a file on this branch's own disk.");
    }
    return journal;
  }
}
