package org.interseal.bank.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server's disk in memory. */
final class PlantedMemory implements ChainMemory {
  private @Nullable Head head;
  private boolean failing;

  void fail() {
    failing = true;
  }

  @Override
  public Optional<Head> remembered() {
    return Optional.ofNullable(head);
  }

  @Override
  public void saw(Head seen) {
    if (failing) {
      throw new UncheckedIOException(new IOException("planted: disk full"));
    }
    if (head == null || seen.height() > head.height()) {
      head = seen;
    }
  }
}
