package org.interseal.gateway;

import java.time.Duration;
import java.util.List;
import org.interseal.service.ConfigurationRefused;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much a gateway takes on.
 *
 * @param corsOrigins origins of web clients, none by default; {@code *} is refused
 * @param maxWaits calls that may wait for their answer at once; further ones are answered without
 *     waiting
 * @param maxWaitsPerDevice as {@code maxWaits}, for one device
 * @param maxEventStreams open event streams
 * @param maxEventStreamsPerDevice open event streams of one device
 * @param maxEventStreamsOfStrangers how many of these may be of devices that are not linked:
 *     whoever makes up keys takes no stream from a customer
 * @param eventStreamLife after which the client has to reconnect
 * @param heartbeat between comments on a quiet event stream
 * @param insertTimeout for one submission, retries included; afterwards its outcome is unknown
 * @param devicePoll how often device registrations are read when the feed says nothing
 * @param mailboxBackstop how often waiting readers read when the feed says nothing; on a
 *     distributed store a part of them at a time
 * @param envelopeMemory envelopes in memory at once, on the way in and out
 * @param bodyTimeout for a request's body, from its first byte to its last
 * @param bankBehind how far the bank's servers may be behind before devices that send much are
 *     asked to come later; at twice that, all are
 */
@ConfigurationProperties("interseal.gateway")
record GatewayProperties(
    @DefaultValue List<String> corsOrigins,
    @DefaultValue Limits limits,
    @DefaultValue("4000") int maxWaits,
    @DefaultValue("256") int maxWaitsPerDevice,
    @DefaultValue("4000") int maxEventStreams,
    @DefaultValue("4") int maxEventStreamsPerDevice,
    @DefaultValue("100") int maxEventStreamsOfStrangers,
    @DefaultValue("10m") Duration eventStreamLife,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("5s") Duration insertTimeout,
    @DefaultValue("1s") Duration devicePoll,
    @DefaultValue("5s") Duration mailboxBackstop,
    @DefaultValue("64MB") DataSize envelopeMemory,
    @DefaultValue("10s") Duration bodyTimeout,
    @DefaultValue("5s") Duration bankBehind) {
  GatewayProperties {
    corsOrigins = List.copyOf(corsOrigins);
    if (corsOrigins.contains("*")) {
      throw new ConfigurationRefused(
          "interseal.gateway.cors-origins is *", "Name the origins of the web clients.");
    }
  }

  /**
   * Rates of requests. A device may save up ten seconds' worth, everybody together two.
   *
   * @param devicePerSecond of one linked device
   * @param devicesPerSecond of all linked devices
   * @param strangerPerMinute of one device or address that is not linked
   * @param strangersPerSecond of all that are not linked
   * @param activationsPerMinute from one address
   */
  record Limits(
      @DefaultValue("100") int devicePerSecond,
      @DefaultValue("5000") int devicesPerSecond,
      @DefaultValue("120") int strangerPerMinute,
      @DefaultValue("200") int strangersPerSecond,
      @DefaultValue("30") int activationsPerMinute) {}
}
