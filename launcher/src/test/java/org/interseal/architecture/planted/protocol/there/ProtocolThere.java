package org.interseal.architecture.planted.protocol.there;

import org.interseal.architecture.planted.protocol.back.ProtocolBack;

/** One half of a cycle. */
public final class ProtocolThere {
  static final Class<?> OTHER = ProtocolBack.class;
}
