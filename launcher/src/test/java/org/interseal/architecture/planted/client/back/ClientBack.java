package org.interseal.architecture.planted.client.back;

import org.interseal.architecture.planted.client.there.ClientThere;

/** The other half of a cycle. */
public final class ClientBack {
  static final Class<?> OTHER = ClientThere.class;
}
