package org.interseal.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.interseal.protocol.http.RequestVerdict;

/** The gateway's metrics; their names are documented in docs/operating. */
final class GatewayMeters {
  private final MeterRegistry registry;

  GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** {@code accepted}, {@code repeated}, {@code unknown} or a reason of refusal. */
  void submission(String outcome) {
    registry.counter("interseal.gateway.submissions", "outcome", outcome).increment();
  }

  /** {@code answered}, {@code timed-out} or {@code not-waited} (no place was free). */
  void waited(String outcome) {
    registry.counter("interseal.gateway.waits", "outcome", outcome).increment();
  }

  void signatureRejected(RequestVerdict.Reason reason) {
    registry.counter("interseal.gateway.signatures.rejected", "reason", reason.code()).increment();
  }

  void rateLimited(String limit) {
    registry.counter("interseal.gateway.rate.limited", "limit", limit).increment();
  }

  /** A request refused for what others use: {@code devices}, {@code memory}, {@code bank}, …. */
  void overloaded(String reason) {
    registry.counter("interseal.gateway.overloaded", "reason", reason).increment();
  }

  /** A row of the bank's store that proves nothing or is no item. */
  void rowRefused(String table, String reason) {
    registry
        .counter("interseal.gateway.rows.refused", "table", table, "reason", reason)
        .increment();
  }

  void itemsDelivered(String way, int count) {
    registry.counter("interseal.gateway.items.delivered", "way", way).increment(count);
  }

  <T> void gauge(String name, T of, ToDoubleFunction<T> value) {
    io.micrometer.core.instrument.Gauge.builder("interseal.gateway." + name, of, value)
        .register(registry);
  }
}
