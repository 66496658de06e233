package org.interseal.architecture.planted.service.there;

import org.interseal.architecture.planted.service.back.ServiceBack;

/** One half of a cycle. */
public final class ServiceThere {
  static final Class<?> OTHER = ServiceBack.class;
}
