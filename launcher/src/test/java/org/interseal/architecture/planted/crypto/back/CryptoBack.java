package org.interseal.architecture.planted.crypto.back;

import org.interseal.architecture.planted.crypto.there.CryptoThere;

/** The other half of a cycle. */
public final class CryptoBack {
  static final Class<?> OTHER = CryptoThere.class;
}
