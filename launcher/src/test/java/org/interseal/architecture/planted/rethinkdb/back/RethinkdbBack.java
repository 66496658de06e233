package org.interseal.architecture.planted.rethinkdb.back;

import org.interseal.architecture.planted.rethinkdb.there.RethinkdbThere;

/** The other half of a cycle. */
public final class RethinkdbBack {
  static final Class<?> OTHER = RethinkdbThere.class;
}
