package org.interseal.rethinkdb;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Tries the servers in turn, first the one that let us in last and has not failed since. */
final class Connector {
  private final ConnectionSettings settings;
  private final Deadlines deadlines;
  private final SecureRandom random;
  private final AtomicInteger preferred = new AtomicInteger();

  Connector(ConnectionSettings settings, Deadlines deadlines, SecureRandom random) {
    this.settings = settings;
    this.deadlines = deadlines;
    this.random = random;
  }

  ConnectionSettings settings() {
    return settings;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  /**
   * Tries every server once.
   *
   * @throws AuthenticationRefused by the first server that refuses the user: trying others would
   *     only lock it out
   * @throws RethinkDbUnavailable when none can be reached; its suppressed exceptions say why, one
   *     per server
   */
  RethinkDbConnection connect(Lifetime lifetime) {
    int count = settings.servers().size();
    int first = preferred.get();
    RethinkDbUnavailable unavailable =
        new RethinkDbUnavailable("none of " + settings.servers() + " can be reached", null);
    for (int i = 0; i < count && !lifetime.ended(); i++) {
      int index = (first + i) % count;
      ServerAddress server = settings.servers().get(index);
      try {
        RethinkDbConnection connection =
            RethinkDbConnection.open(server, settings, lifetime, deadlines, random);
        preferred.set(index);
        return connection;
      } catch (IOException e) {
        unavailable.addSuppressed(new IOException(server + ": " + e.getMessage(), e));
      }
    }
    throw unavailable;
  }

  /**
   * A connection to it failed: others are tried first from now on. One that hangs still accepts
   * connections, and each attempt to log in there takes the whole time-out.
   */
  void avoid(ServerAddress server) {
    int index = settings.servers().indexOf(server);
    var _ = preferred.compareAndSet(index, (index + 1) % settings.servers().size());
  }
}
