package org.interseal.architecture.planted.client.there;

import org.interseal.architecture.planted.client.back.ClientBack;

/** One half of a cycle. */
public final class ClientThere {
  static final Class<?> OTHER = ClientBack.class;
}
