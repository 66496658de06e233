package org.interseal.service;

import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up when the store answers a read. */
final class StoreHealthIndicator extends AbstractHealthIndicator {
  private static final String PROBE_ID = "health-probe";

  private final Store store;
  private final TableName table;

  StoreHealthIndicator(Store store, TableName table) {
    super("the store does not answer");
    this.store = store;
    this.table = table;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) throws Exception {
    // No such row is expected: what counts is that there was an answer.
    var _ = store.append(table).find(PROBE_ID);
    builder.up();
  }
}
