package org.interseal.rethinkdb.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to reach a RethinkDB cluster.
 *
 * @param enabled Whether this process uses RethinkDB at all.
 * @param hosts Servers, each as host or host:port, tried in turn.
 * @param port Port of the hosts that name none.
 * @param user Database user.
 * @param passwordFile File whose first line is the user's password; no password where absent.
 * @param connectTimeout For one network address of a server: TCP, TLS and log-in together.
 * @param queryTimeout From sending a query to its last row.
 * @param tls TLS between this process and the servers.
 * @param pool Connections for queries.
 * @param backOff Pauses between attempts to connect.
 * @param feed Changefeeds.
 */
@ConfigurationProperties("rethinkdb")
public record RethinkDbProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("localhost") List<String> hosts,
    @DefaultValue("28015") int port,
    @DefaultValue("admin") String user,
    @Nullable Path passwordFile,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("10s") Duration queryTimeout,
    @DefaultValue Tls tls,
    @DefaultValue Pool pool,
    @DefaultValue BackOff backOff,
    @DefaultValue Feed feed) {

  /**
   * TLS between this process and the servers.
   *
   * @param enabled Whether to speak TLS; the server's certificate must then name the host.
   * @param trustFile PEM file with the authorities that servers' certificates come from; the JDK's
   *     where absent.
   * @param clientKeyStore PKCS#12 file with the client's certificate and key.
   * @param clientKeyStorePasswordFile File whose first line opens the client's key store.
   */
  public record Tls(
      @DefaultValue("false") boolean enabled,
      @Nullable Path trustFile,
      @Nullable Path clientKeyStore,
      @Nullable Path clientKeyStorePasswordFile) {}

  /**
   * Connections for queries.
   *
   * @param size Most connections.
   * @param acquireTimeout Most time that a query waits for a connection.
   * @param checkIdleAfter A connection that was idle for longer is tried before it is used.
   */
  public record Pool(
      @DefaultValue("4") int size,
      @DefaultValue("10s") Duration acquireTimeout,
      @DefaultValue("1s") Duration checkIdleAfter) {}

  /**
   * Pauses between attempts to connect.
   *
   * @param initial First pause.
   * @param max Longest pause.
   */
  public record BackOff(
      @DefaultValue("100ms") Duration initial, @DefaultValue("10s") Duration max) {}

  /**
   * Changefeeds.
   *
   * @param heartbeat How often a feed asks its server for a sign of life.
   */
  public record Feed(@DefaultValue("5s") Duration heartbeat) {}
}
