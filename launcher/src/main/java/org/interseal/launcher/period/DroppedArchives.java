package org.interseal.launcher.period;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a command needs that follows whole chains. */
final class DroppedArchives {
  @Option(
      names = "--archive",
      split = ",",
      paramLabel = "FILE",
      description = "everything that was ever exported; needed once something was dropped")
  List<Path> files = new ArrayList<>();
}
