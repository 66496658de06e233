package org.interseal.architecture.planted.gateway;

import org.interseal.architecture.planted.bank.inbox.PlantedInbox;
import org.interseal.architecture.planted.branch.PlantedBranch;
import org.interseal.architecture.planted.registry.PlantedRegistry;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;

/** A gateway that opens envelopes, and depends on all other services. */
public final class PlantedGateway {
  static final Object[] OTHERS = {PlantedRegistry.class, PlantedInbox.class, PlantedBranch.class};
  static final Object[] KEYS = {DecryptionKey.class, KeyWrap.class, SecretKey256.class};
}
