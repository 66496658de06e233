package org.interseal.architecture.planted.gateway.back;

import org.interseal.architecture.planted.gateway.there.GatewayThere;

/** The other half of a cycle. */
public final class GatewayBack {
  static final Class<?> OTHER = GatewayThere.class;
}
