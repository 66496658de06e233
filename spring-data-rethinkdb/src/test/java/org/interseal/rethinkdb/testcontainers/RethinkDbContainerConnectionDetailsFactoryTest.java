package org.interseal.rethinkdb.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.core.io.support.SpringFactoriesLoader;

class RethinkDbContainerConnectionDetailsFactoryTest {
  @Test
  void isFoundBySpringBoot() {
    // Spring Boot's own factories for tools that are not here cannot be made, and are passed over
    // there too.
    assertThat(
            SpringFactoriesLoader.forDefaultResourceLocation()
                .load(ConnectionDetailsFactory.class, (type, name, failure) -> {}))
        .hasAtLeastOneElementOfType(RethinkDbContainerConnectionDetailsFactory.class);
  }
}
