package org.interseal.bank.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.interseal.store.TableName;

/**
 * The counters of one partition on one server; rows and cryptographic operations are the whole
 * server's. Thread-safe; every method is cheap enough for the hot path.
 */
public final class BankMeters {
  /** Outcomes and reasons come from our own code; this bound only guards against a bug. */
  private static final int MAX_TAG_VALUES = 200;

  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final Tag partition;
  private final Map<String, Counter> payments = new ConcurrentHashMap<>();
  private final Map<String, Counter> setAside = new ConcurrentHashMap<>();
  private final Map<String, Counter> inboxRows = new ConcurrentHashMap<>();
  private final Map<String, Counter> junk = new ConcurrentHashMap<>();
  private final Map<TableName, Counter> rows = new EnumMap<>(TableName.class);
  private final Map<CryptoOperation, Counter> crypto = new EnumMap<>(CryptoOperation.class);
  private final DistributionSummary blockItems;
  private final Timer blockAppend;

  /** Of the lowest partition. */
  public BankMeters(MeterRegistry registry) {
    this(registry, 0);
  }

  public BankMeters(MeterRegistry registry, int partition) {
    this.registry = registry;
    this.partition = Tag.of("partition", String.format(Locale.ROOT, "p%02d", partition));
    for (TableName table : TableName.values()) {
      // Leases and heartbeats are overwritten in place: no row comes of it.
      if (table.appendOnly()) {
        rows.put(table, registry.counter("interseal.store.rows", "table", table.sqlName()));
      }
    }
    for (CryptoOperation operation : CryptoOperation.values()) {
      crypto.put(operation, registry.counter("interseal.crypto.operations", "op", operation.tag()));
    }
    blockItems =
        DistributionSummary.builder("interseal.block.items")
            .tags(List.of(this.partition))
            .register(registry);
    blockAppend =
        Timer.builder("interseal.block.append.seconds")
            .tags(List.of(this.partition))
            .publishPercentiles(0.5, 0.99)
            .register(registry);
  }

  public void payment(String outcome) {
    counter(payments, "interseal.payments", "outcome", outcome).increment();
  }

  public void setAside(String reason) {
    counter(setAside, "interseal.set.aside", "reason", reason).increment();
  }

  /** A row that was read: {@code tagged}, {@code untagged}, {@code copy}, and so on. */
  public void inboxRow(String what) {
    counter(inboxRows, "interseal.inbox.rows", "what", what).increment();
  }

  /** A row that could not be believed, by who tagged it. */
  public void junk(String writer) {
    counter(junk, "interseal.inbox.junk", "writer", writer).increment();
  }

  private Counter counter(Map<String, Counter> known, String name, String tag, String value) {
    Counter counter = known.get(value);
    if (counter != null) {
      return counter;
    }
    String bounded = known.size() < MAX_TAG_VALUES ? value : OTHER;
    return known.computeIfAbsent(
        bounded, key -> registry.counter(name, List.of(Tag.of(tag, key), partition)));
  }

  public void rows(TableName table, int count) {
    rows(table).increment(count);
  }

  private Counter rows(TableName table) {
    return java.util.Objects.requireNonNull(rows.get(table));
  }

  public void crypto(CryptoOperation operation, int count) {
    java.util.Objects.requireNonNull(crypto.get(operation)).increment(count);
  }

  public void block(int items, Duration append) {
    blockItems.record(items);
    blockAppend.record(append);
  }

  /** A gauge that is read when somebody looks. */
  public void gauge(String name, Supplier<Number> value) {
    Gauge.builder(name, value).tags(List.of(partition)).strongReference(true).register(registry);
  }

  /**
   * As {@link #gauge(String, Supplier)}, one of a family told apart by tags. Registering twice is
   * harmless.
   */
  public void gauge(
      String name,
      String tag,
      String tagValue,
      String tag2,
      String tagValue2,
      Supplier<Number> value) {
    Gauge.builder(name, value)
        .tag(tag, tagValue)
        .tag(tag2, tagValue2)
        .tags(List.of(partition))
        .strongReference(true)
        .register(registry);
  }
}
