package org.interseal.architecture.planted.store.there;

import org.interseal.architecture.planted.store.back.StoreBack;

/** One half of a cycle. */
public final class StoreThere {
  static final Class<?> OTHER = StoreBack.class;
}
