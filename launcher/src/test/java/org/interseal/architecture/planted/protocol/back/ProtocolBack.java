package org.interseal.architecture.planted.protocol.back;

import org.interseal.architecture.planted.protocol.there.ProtocolThere;

/** The other half of a cycle. */
public final class ProtocolBack {
  static final Class<?> OTHER = ProtocolThere.class;
}
