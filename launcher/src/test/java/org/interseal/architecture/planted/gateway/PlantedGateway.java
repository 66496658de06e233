package org.interseal.architecture.planted.gateway;

import java.util.Random;
import org.interseal.architecture.planted.branch.PlantedBranch;
import org.interseal.crypto.DecryptionKey;

/** A gateway that opens envelopes, makes its own randomness and depends on another service. */
public final class PlantedGateway {
  public String open(DecryptionKey key) {
    return key.encryptionKey().id() + new PlantedBranch().other() + new Random().nextInt();
  }
}
