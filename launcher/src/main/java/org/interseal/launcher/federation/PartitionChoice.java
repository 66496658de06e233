package org.interseal.launcher.federation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Into how many partitions the ledger of each bank of a command's federation is divided. */
public final class PartitionChoice {
  @Option(
      names = "--partitions",
      description =
          "into how many partitions the ledger of each bank is divided, fixed at its founding"
              + " (default: what the data hold, 1 for a new federation)")
  @Nullable Integer partitions;

  /** Empty when the command line says nothing. */
  public Optional<Integer> asked() {
    return Optional.ofNullable(partitions);
  }
}
