package org.interseal.launcher.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.interseal.launcher.federation.ClosedFederation;

/** {@code verify} for a command that goes on only when all is sound. */
public final class BooksCheck {
  private BooksCheck() {}

  /** The first bad place, for a person; empty when everything is sound. */
  public static Optional<String> firstBadPlace(
      ClosedFederation federation, Optional<Path> periodKeys, List<Path> archives)
      throws IOException {
    return Verification.of(federation, periodKeys, archives).badPlaces().stream()
        .findFirst()
        .map(BadPlace::toString);
  }
}
