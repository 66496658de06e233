package org.interseal.rethinkdb.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Metrics, where there is a meter registry. */
@AutoConfiguration(
    before = RethinkDbAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "rethinkdb.enabled", matchIfMissing = true)
public final class RethinkDbMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(RethinkDbObserver.class)
  MeteredObserver rethinkDbObserver(MeterRegistry registry) {
    return new MeteredObserver(registry);
  }

  /** Takes the pool itself, not its maker: the pool is there by the time that meters are bound. */
  @Bean
  MeterBinder rethinkDbPoolMeters(
      org.springframework.beans.factory.ObjectProvider<ConnectionPool> pools) {
    return registry ->
        pools.ifAvailable(
            pool -> MeteredObserver.bindGauges(MeteredObserver.NO_DATABASE, pool, registry));
  }
}
