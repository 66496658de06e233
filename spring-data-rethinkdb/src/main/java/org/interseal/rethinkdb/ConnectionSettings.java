package org.interseal.rethinkdb;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach a cluster.
 *
 * @param servers tried in this order, then from the one that answered last
 * @param connectTimeout for one network address: TCP, TLS and log-in together; looking up a
 *     server's name is not timed
 * @param queryTimeout from sending a query to its last row
 * @param poolSize most connections for queries; feeds have their own
 * @param acquireTimeout most time that a query waits for a connection, attempts to make one
 *     included
 * @param checkIdleAfter a connection that was idle for longer is tried before it is used
 * @param heartbeat how often a feed asks its server for a sign of life; two without one end it
 */
public record ConnectionSettings(
    List<ServerAddress> servers,
    String user,
    Password password,
    Optional<TlsContext> tls,
    Duration connectTimeout,
    Duration queryTimeout,
    int poolSize,
    Duration acquireTimeout,
    Duration checkIdleAfter,
    BackOff backOff,
    Duration heartbeat) {
  public static final int MAX_POOL_SIZE = 1_024;
  private static final int MAX_USER_LENGTH = 256;

  public ConnectionSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server to connect to");
    }
    if (user.isEmpty() || user.length() > MAX_USER_LENGTH) {
      throw new IllegalArgumentException("user name of " + user.length() + " characters");
    }
    if (poolSize < 1 || poolSize > MAX_POOL_SIZE) {
      throw new IllegalArgumentException(
          "pool of " + poolSize + "; 1 to " + MAX_POOL_SIZE + " are allowed");
    }
    requirePositive("connect time-out", connectTimeout);
    requirePositive("query time-out", queryTimeout);
    requirePositive("acquire time-out", acquireTimeout);
    requirePositive("heartbeat", heartbeat);
  }

  /** A user of these servers; plain TCP and usual limits. */
  public static ConnectionSettings of(List<ServerAddress> servers, String user, Password password) {
    return new ConnectionSettings(
        servers,
        user,
        password,
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        4,
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        new BackOff(Duration.ofMillis(100), Duration.ofSeconds(10)),
        Duration.ofSeconds(5));
  }

  public ConnectionSettings withTls(TlsContext context) {
    return new ConnectionSettings(
        servers,
        user,
        password,
        Optional.of(context),
        connectTimeout,
        queryTimeout,
        poolSize,
        acquireTimeout,
        checkIdleAfter,
        backOff,
        heartbeat);
  }

  public ConnectionSettings withPoolSize(int connections) {
    return new ConnectionSettings(
        servers,
        user,
        password,
        tls,
        connectTimeout,
        queryTimeout,
        connections,
        acquireTimeout,
        checkIdleAfter,
        backOff,
        heartbeat);
  }

  public ConnectionSettings withTimeouts(Duration connect, Duration query, Duration acquire) {
    return new ConnectionSettings(
        servers,
        user,
        password,
        tls,
        connect,
        query,
        poolSize,
        acquire,
        checkIdleAfter,
        backOff,
        heartbeat);
  }

  public ConnectionSettings withBackOff(BackOff pauses) {
    return new ConnectionSettings(
        servers,
        user,
        password,
        tls,
        connectTimeout,
        queryTimeout,
        poolSize,
        acquireTimeout,
        checkIdleAfter,
        pauses,
        heartbeat);
  }

  public ConnectionSettings withLiveness(Duration idle, Duration beat) {
    return new ConnectionSettings(
        servers,
        user,
        password,
        tls,
        connectTimeout,
        queryTimeout,
        poolSize,
        acquireTimeout,
        idle,
        backOff,
        beat);
  }

  private static void requirePositive(String what, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(what + " of " + time);
    }
  }
}
