package org.interseal.launcher.verify;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.interseal.launcher.federation.ClosedFederation;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.StoreChoice;

/** What {@code verify} says of a federation that has stopped, for other commands. */
public final class Soundness {
  private Soundness() {}

  /** The bad places, for people; empty when everything is sound. */
  public static List<String> complaints(FederationDirectory directory)
      throws IOException, InterruptedException {
    try (ClosedFederation federation = ClosedFederation.hold(directory, new StoreChoice())) {
      return Verification.of(federation, Optional.empty(), List.of()).badPlaces().stream()
          .map(BadPlace::toString)
          .toList();
    }
  }
}
