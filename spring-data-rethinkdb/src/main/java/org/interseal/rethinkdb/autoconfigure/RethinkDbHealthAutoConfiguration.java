package org.interseal.rethinkdb.autoconfigure;

import org.interseal.rethinkdb.RethinkDbTemplate;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health, where Spring Boot's health module is there. */
@AutoConfiguration(after = RethinkDbAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(RethinkDbTemplate.class)
@ConditionalOnEnabledHealthIndicator("rethinkdb")
public final class RethinkDbHealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "rethinkDbHealthIndicator")
  HealthIndicator rethinkDbHealthIndicator(RethinkDbTemplate template) {
    return new RethinkDbHealthIndicator(template);
  }
}
