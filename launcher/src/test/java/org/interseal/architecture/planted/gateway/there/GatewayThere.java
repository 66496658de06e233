package org.interseal.architecture.planted.gateway.there;

import org.interseal.architecture.planted.gateway.back.GatewayBack;

/** One half of a cycle. */
public final class GatewayThere {
  static final Class<?> OTHER = GatewayBack.class;
}
