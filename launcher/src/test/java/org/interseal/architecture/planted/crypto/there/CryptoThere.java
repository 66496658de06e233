package org.interseal.architecture.planted.crypto.there;

import org.interseal.architecture.planted.crypto.back.CryptoBack;

/** One half of a cycle. */
public final class CryptoThere {
  static final Class<?> OTHER = CryptoBack.class;
}
