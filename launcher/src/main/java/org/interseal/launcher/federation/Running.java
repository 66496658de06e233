package org.interseal.launcher.federation;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A service that was started. */
public interface Running extends AutoCloseable {
  Service service();

  /** Completes when the service has ended, asked or not, with how: {@code with code 137}. */
  CompletableFuture<String> ended();

  /** Where it logs. */
  Path log();

  /** Stops it cleanly and waits, at most a few seconds; then harder. */
  @Override
  void close();
}
