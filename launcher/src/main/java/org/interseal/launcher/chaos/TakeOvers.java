package org.interseal.launcher.chaos;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.interseal.launcher.Percentiles;

/** How long take-overs took, in milliseconds; all 0 when there was none. */
@JsonPropertyOrder({"count", "p50", "p95", "p99", "max"})
record TakeOvers(int count, long p50, long p95, long p99, long max) {
  static TakeOvers of(List<Long> millis) {
    long[] all = millis.stream().mapToLong(Long::longValue).toArray();
    Percentiles percentiles = Percentiles.of(all);
    return new TakeOvers(
        all.length,
        percentiles.p50(),
        percentiles.p95(),
        percentiles.p99(),
        millis.stream().mapToLong(Long::longValue).max().orElse(0));
  }
}
