package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL in the middle of work, several times over the same journal. */
class KilledBranchIT {
  private static final int ROUNDS = 4;
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path directory;

  @Test
  void everyNumberServedOneLetterAndNothingWasSentThatTheJournalForgot() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      killAfterMoreWasSent(round * 37);
    }

    Set<Long> numbers = new HashSet<>();
    Set<String> journaled = new HashSet<>();
    try (BranchJournal journal = EndlessBranch.journal(directory)) {
      for (JournalRecord record : journal.read().records()) {
        if (record instanceof JournalRecord.Sent sent) {
          assertThat(numbers.add(sent.number())).as("number %s", sent.number()).isTrue();
          journaled.add(EndlessBranch.hash(sent.envelope()));
        }
      }
    }
    List<String> sent = Files.readAllLines(directory.resolve(EndlessBranch.SENT));
    // The last line may be cut by the kill.
    assertThat(journaled).containsAll(sent.stream().filter(line -> line.length() == 64).toList());
  }

  private void killAfterMoreWasSent(int lines) throws Exception {
    long before = sentLines();
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessBranch.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    long start = System.nanoTime();
    while (sentLines() < before + lines) {
      assertThat(process.isAlive()).isTrue();
      assertThat(System.nanoTime() - start).isLessThan(START_LIMIT_NANOS);
      LockSupport.parkNanos(1_000_000);
    }
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  private long sentLines() throws Exception {
    Path sent = directory.resolve(EndlessBranch.SENT);
    return Files.exists(sent) ? Files.size(sent) / 65 : 0;
  }
}
