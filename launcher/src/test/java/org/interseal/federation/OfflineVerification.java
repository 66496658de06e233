package org.interseal.federation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.interseal.launcher.Interseal;
import picocli.CommandLine.Command;

/** {@code interseal verify}, where this build has it. */
final class OfflineVerification {
  private OfflineVerification() {}

  /** The exit code; empty when there is no such command. */
  static OptionalInt run(Path data) {
    Command interseal = Interseal.class.getAnnotation(Command.class);
    boolean exists =
        interseal != null
            && Arrays.stream(interseal.subcommands())
                .map(type -> type.getAnnotation(Command.class))
                .anyMatch(command -> command != null && command.name().equals("verify"));
    return exists
        ? OptionalInt.of(Interseal.execute("verify", "--data", data.toString()))
        : OptionalInt.empty();
  }
}
