package org.interseal.architecture.planted.store.back;

import org.interseal.architecture.planted.store.there.StoreThere;

/** The other half of a cycle. */
public final class StoreBack {
  static final Class<?> OTHER = StoreThere.class;
}
