package org.interseal.registry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.Refusal;

/** Metrics of the authority; names in docs/reference/registry.md. */
final class RegistryMetrics implements MeterBinder {
  private final BankDirectory directory;
  private final Licensing licensing;
  private final Publication publication;

  RegistryMetrics(BankDirectory directory, Licensing licensing, Publication publication) {
    this.directory = directory;
    this.licensing = licensing;
    this.publication = publication;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (LicenceStatus status : LicenceStatus.values()) {
      var _ =
          Gauge.builder("interseal.registry.banks", directory, d -> banks(d, status))
              .tag("status", status.name().toLowerCase(java.util.Locale.ROOT))
              .description("Banks with a licence")
              .register(registry);
    }
    for (Application.State state : Application.State.values()) {
      var _ =
          Gauge.builder("interseal.registry.applications", licensing, l -> l.count(state))
              .tag("state", state.name().toLowerCase(java.util.Locale.ROOT))
              .description("Applications for a licence")
              .register(registry);
    }
    for (Refusal refusal : Refusal.values()) {
      var _ =
          FunctionCounter.builder(
                  "interseal.registry.rows.refused",
                  directory,
                  d -> d.refused().getOrDefault(refusal, 0L))
              .tag("reason", refusal.code())
              .description("Rows of bank_keys that prove nothing")
              .register(registry);
    }
    var _ =
        Gauge.builder("interseal.registry.unpublished", publication, Publication::pending)
            .description("Decided rows that the store does not show yet")
            .register(registry);
  }

  private static long banks(BankDirectory directory, LicenceStatus status) {
    return directory.banks().stream().filter(bank -> bank.status() == status).count();
  }
}
