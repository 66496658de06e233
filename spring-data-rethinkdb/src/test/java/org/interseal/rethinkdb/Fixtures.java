package org.interseal.rethinkdb;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/** Pools on fake servers, with limits that no test reaches unless it means to. */
final class Fixtures {
  private static final Duration LONG = Duration.ofMinutes(5);

  private Fixtures() {}

  static ConnectionSettings settings(ServerAddress... servers) {
    return ConnectionSettings.of(List.of(servers), "tester", Password.of(FakeServer.PASSWORD))
        .withTimeouts(LONG, LONG, LONG)
        .withBackOff(new BackOff(Duration.ofMillis(1), Duration.ofMillis(2)))
        .withLiveness(LONG, LONG);
  }

  static ConnectionPool pool(ConnectionSettings settings, Deadlines deadlines) {
    return new ConnectionPool(
        settings,
        deadlines,
        System::nanoTime,
        new SecureRandom(),
        RethinkDbObserver.NONE,
        () -> {});
  }
}
