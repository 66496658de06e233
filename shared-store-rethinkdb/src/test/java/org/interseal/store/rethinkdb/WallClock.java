package org.interseal.store.rethinkdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sets the wall clock of single processes apart, with a library that the system's C compiler makes.
 */
final class WallClock {
  private static final long COMPILE_SECONDS = 30;

  private final Path library;

  private WallClock(Path library) {
    this.library = library;
  }

  /** Nothing where there is no C compiler, or none that makes libraries of this kind. */
  static Optional<WallClock> compile(Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve("wall-clock.c");
    Path library = directory.resolve("wall-clock.so");
    try (InputStream text =
        Objects.requireNonNull(WallClock.class.getResourceAsStream("wall-clock.c"))) {
      Files.write(source, text.readAllBytes());
    }
    Process compiler;
    try {
      compiler =
          new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("wall-clock.log").toFile())
              .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    boolean made = compiler.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS) && compiler.exitValue() == 0;
    compiler.destroyForcibly();
    return made ? Optional.of(new WallClock(library)) : Optional.empty();
  }

  /** The environment of a process whose clock is to be so far ahead. */
  Map<String, String> ahead(long millis) {
    return Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFFSET_MILLIS", Long.toString(millis));
  }
}
