package org.interseal.service;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Tags every meter with {@code service}, {@code bank} and {@code node}, so that one dashboard can
 * hold all.
 */
@AutoConfiguration
public class MetricsConfiguration {
  @Bean
  MeterFilter intersealCommonTags(Environment environment) {
    List<Tag> tags = new ArrayList<>();
    tags.add(Tag.of("service", environment.getProperty("spring.application.name", "interseal")));
    tags.add(Tag.of("bank", environment.getProperty("interseal.bank", "none")));
    tags.add(Tag.of("node", environment.getProperty("interseal.node", "none")));
    return MeterFilter.commonTags(tags);
  }
}
