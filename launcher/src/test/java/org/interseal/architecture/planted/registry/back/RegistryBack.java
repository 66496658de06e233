package org.interseal.architecture.planted.registry.back;

import org.interseal.architecture.planted.registry.there.RegistryThere;

/** The other half of a cycle. */
public final class RegistryBack {
  static final Class<?> OTHER = RegistryThere.class;
}
