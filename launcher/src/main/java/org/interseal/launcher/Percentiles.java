package org.interseal.launcher;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;

/** Latency percentiles, nearest rank, in milliseconds. All 0 when nothing was measured. */
@JsonPropertyOrder({"p50", "p95", "p99"})
public record Percentiles(long p50, long p95, long p99) {
  public static Percentiles of(long[] millis) {
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return new Percentiles(rank(sorted, 50), rank(sorted, 95), rank(sorted, 99));
  }

  private static long rank(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
  }
}
