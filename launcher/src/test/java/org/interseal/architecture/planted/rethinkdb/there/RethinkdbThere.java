package org.interseal.architecture.planted.rethinkdb.there;

import org.interseal.architecture.planted.rethinkdb.back.RethinkdbBack;

/** One half of a cycle. */
public final class RethinkdbThere {
  static final Class<?> OTHER = RethinkdbBack.class;
}
