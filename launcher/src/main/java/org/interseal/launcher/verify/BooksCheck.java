package org.interseal.launcher.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.interseal.launcher.federation.ClosedFederation;

/** {@code verify} for a command that goes on only when all is sound. */
public sealed interface BooksCheck {
  /**
   * Everything is sound.
   *
   * @param closed what of each chain is closed, where something is
   */
  record Sound(List<ClosedPart> closed) implements BooksCheck {
    public Sound {
      closed = List.copyOf(closed);
    }
  }

  /**
   * Not everything is.
   *
   * @param firstBadPlace for a person
   */
  record Unsound(String firstBadPlace) implements BooksCheck {}

  /** Verifies what is kept, as the command does. */
  static BooksCheck of(ClosedFederation federation, Optional<Path> periodKeys, List<Path> archives)
      throws IOException {
    Verification.Verified verified = Verification.verified(federation, periodKeys, archives);
    return verified.report().badPlaces().stream()
        .findFirst()
        .<BooksCheck>map(first -> new Unsound(first.toString()))
        .orElseGet(() -> new Sound(verified.closed()));
  }
}
