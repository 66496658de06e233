package org.interseal.architecture.planted.registry.there;

import org.interseal.architecture.planted.registry.back.RegistryBack;

/** One half of a cycle. */
public final class RegistryThere {
  static final Class<?> OTHER = RegistryBack.class;
}
