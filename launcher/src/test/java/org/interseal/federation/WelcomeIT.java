package org.interseal.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.federation.Federation.A;
import static org.interseal.federation.Federation.B;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.Welcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that {@code interseal up} proposes do what they say, each time it proposes them. */
class WelcomeIT {
  private static final String INTERSEAL = "./interseal ";

  @TempDir Path data;
  @TempDir Path devices;

  private static Welcome.Counter counter(Federation federation, BankId bank) throws Exception {
    return new Welcome.Counter(
        bank,
        federation.ports(bank).partitions(),
        federation.teller(bank),
        federation.ports(bank).gateways());
  }

  /** The arguments of each proposed command, with devices of this start. */
  private List<List<String>> proposed(Federation federation) throws Exception {
    List<List<String>> commands = new ArrayList<>();
    new Welcome(counter(federation, A), counter(federation, B))
        .prepare(line -> {
          if (line.strip().startsWith(INTERSEAL)) {
            List<String> words =
                new ArrayList<>(List.of(line.strip().substring(INTERSEAL.length()).split(" ")));
            int device = words.indexOf("--device") + 1;
            words.set(device, devices.resolve(words.get(device)).toString());
            commands.add(words);
          }
        });
    return commands;
  }

  @Test
  void everyProposedCommandWorksAfterEachStart() throws Exception {
    try (Federation federation = Federation.in(data).start()) {
      // Codes that nobody used are replaced.
      var _ = proposed(federation);
      assertAllWork(proposed(federation), "enrol", "enrol", "pay", "balance", "statement");
    }
    try (Federation federation = Federation.in(data).start()) {
      assertAllWork(proposed(federation), "pay", "balance", "statement");
    }
  }

  private static void assertAllWork(List<List<String>> commands, String... expected) {
    assertThat(commands.stream().map(List::getFirst)).containsExactly(expected);
    for (List<String> command : commands) {
      Printed printed = Printed.by(command);
      assertThat(printed.code()).as(command + ": " + printed.text()).isZero();
    }
  }
}
