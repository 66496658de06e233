package org.interseal.launcher.federation;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many servers and gateways each bank of a command's federation has. */
public final class NodeCounts {
  public static final int MAX = 16;

  @Option(
      names = "--servers",
      defaultValue = "1",
      description = "how many servers each bank has (default: ${DEFAULT-VALUE})")
  int servers = 1;

  @Option(
      names = "--gateways",
      defaultValue = "1",
      description = "how many gateways each bank has (default: ${DEFAULT-VALUE})")
  int gateways = 1;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  public int servers() {
    return checked("--servers", servers);
  }

  public int gateways() {
    return checked("--gateways", gateways);
  }

  private int checked(String option, int count) {
    if (count >= 1 && count <= MAX) {
      return count;
    }
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    throw new ParameterException(spec.commandLine(), option + " takes 1 to " + MAX);
  }
}
