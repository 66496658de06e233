package org.interseal.rethinkdb.autoconfigure;

import java.security.SecureRandom;
import org.interseal.rethinkdb.BackOff;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** A pool and a template. Nothing connects before the first query. */
@AutoConfiguration
@EnableConfigurationProperties(RethinkDbProperties.class)
@ConditionalOnBooleanProperty(name = "rethinkdb.enabled", matchIfMissing = true)
public final class RethinkDbAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  RethinkDbConnectionDetails rethinkDbConnectionDetails(RethinkDbProperties properties) {
    return new PropertiesConnectionDetails(properties);
  }

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  ConnectionPool rethinkDbConnectionPool(
      RethinkDbConnectionDetails details,
      RethinkDbProperties properties,
      ObjectProvider<RethinkDbObserver> observer) {
    ConnectionSettings settings =
        new ConnectionSettings(
            details.servers(),
            details.user(),
            details.password(),
            details.tls(),
            properties.connectTimeout(),
            properties.queryTimeout(),
            properties.pool().size(),
            properties.pool().acquireTimeout(),
            properties.pool().checkIdleAfter(),
            new BackOff(properties.backOff().initial(), properties.backOff().max()),
            properties.feed().heartbeat());
    return ConnectionPool.of(
        settings, new SecureRandom(), observer.getIfAvailable(() -> RethinkDbObserver.NONE));
  }

  @Bean
  @ConditionalOnMissingBean
  RethinkDbTemplate rethinkDbTemplate(ConnectionPool pool) {
    return new RethinkDbTemplate(pool);
  }
}
