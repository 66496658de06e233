package org.interseal.architecture.planted.service.back;

import org.interseal.architecture.planted.service.there.ServiceThere;

/** The other half of a cycle. */
public final class ServiceBack {
  static final Class<?> OTHER = ServiceThere.class;
}
