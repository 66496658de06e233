package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.interseal.protocol.http.RequestVerdict;
import org.interseal.service.DocumentedPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsIT {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Set<String> OF_EVERY_SERVICE = Set.of("service", "bank", "node");

  @TempDir Path directory;

  @Test
  void theGuideListsEveryMetricWithItsTags() throws Exception {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (List<String> row : DocumentedPage.of("operating/gateway.md").rows("Metrics")) {
      documented.put(code(row.get(0)).iterator().next(), code(row.get(1)));
    }
    try (Federation federation = new Federation(directory);
        Gateway gateway = federation.gateway()) {
      countEverything(gateway.context().getBean(GatewayMeters.class));
      Map<String, Set<String>> counted = new TreeMap<>();
      for (Meter meter : gateway.context().getBean(MeterRegistry.class).getMeters()) {
        if (meter.getId().getName().startsWith("interseal.gateway.")) {
          counted.put(meter.getId().getName(), tags(meter));
        }
      }
      assertThat(counted).isEqualTo(documented);
    }
  }

  /** Counters appear with their first event. */
  private static void countEverything(GatewayMeters meters) {
    meters.submission("accepted");
    meters.waited("answered");
    meters.signatureRejected(RequestVerdict.Reason.LIVES_TOO_LONG);
    meters.rateLimited("device");
    meters.overloaded("devices");
    meters.rowRefused("mailbox", "malformed");
    meters.itemsDelivered("page", 1);
  }

  private static Set<String> tags(Meter meter) {
    return meter.getId().getTags().stream()
        .map(Tag::getKey)
        .filter(key -> !OF_EVERY_SERVICE.contains(key))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> code(String cell) {
    return CODE.matcher(cell)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
