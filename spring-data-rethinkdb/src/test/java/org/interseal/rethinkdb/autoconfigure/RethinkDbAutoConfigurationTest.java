package org.interseal.rethinkdb.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.ConnectionSettings;
import org.interseal.rethinkdb.FeedInterruption;
import org.interseal.rethinkdb.Password;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.RethinkDbObserver.QueryEnd;
import org.interseal.rethinkdb.RethinkDbTemplate;
import org.interseal.rethinkdb.ServerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RethinkDbAutoConfigurationTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RethinkDbAutoConfiguration.class,
                  RethinkDbHealthAutoConfiguration.class,
                  RethinkDbMetricsAutoConfiguration.class));

  @Test
  void offersAPoolAndATemplateWithoutConnecting() {
    context.run(started -> {
      assertThat(started).hasSingleBean(RethinkDbTemplate.class);
      ConnectionSettings settings = started.getBean(ConnectionPool.class).settings();
      assertThat(settings.servers()).containsExactly(new ServerAddress("localhost", 28015));
      assertThat(settings.user()).isEqualTo("admin");
      assertThat(settings.tls()).isEmpty();
      assertThat(settings.poolSize()).isEqualTo(4);
    });
  }

  @Test
  void readsEveryProperty(@TempDir Path directory) throws IOException {
    Path password = Files.writeString(directory.resolve("password"), "secret\n");
    context
        .withPropertyValues(
            "rethinkdb.hosts=a,b:1,[::1]:2",
            "rethinkdb.port=3",
            "rethinkdb.user=u",
            "rethinkdb.password-file=" + password,
            "rethinkdb.connect-timeout=1s",
            "rethinkdb.query-timeout=2s",
            "rethinkdb.pool.size=5",
            "rethinkdb.pool.acquire-timeout=3s",
            "rethinkdb.pool.check-idle-after=4s",
            "rethinkdb.back-off.initial=6ms",
            "rethinkdb.back-off.max=7ms",
            "rethinkdb.feed.heartbeat=8s",
            "rethinkdb.tls.enabled=true")
        .run(started -> {
          ConnectionSettings settings = started.getBean(ConnectionPool.class).settings();
          assertThat(settings.servers())
              .containsExactly(
                  new ServerAddress("a", 3),
                  new ServerAddress("b", 1),
                  new ServerAddress("::1", 2));
          assertThat(settings.user()).isEqualTo("u");
          assertThat(settings.password()).isEqualTo(Password.of("secret"));
          assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
          assertThat(settings.queryTimeout()).isEqualTo(Duration.ofSeconds(2));
          assertThat(settings.poolSize()).isEqualTo(5);
          assertThat(settings.acquireTimeout()).isEqualTo(Duration.ofSeconds(3));
          assertThat(settings.checkIdleAfter()).isEqualTo(Duration.ofSeconds(4));
          assertThat(settings.backOff().initial()).isEqualTo(Duration.ofMillis(6));
          assertThat(settings.backOff().max()).isEqualTo(Duration.ofMillis(7));
          assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(8));
          assertThat(settings.tls()).isPresent();
        });
  }

  @Test
  void doesNotStartWithFilesThatAreMissing() {
    context
        .withPropertyValues("rethinkdb.password-file=/nowhere/password")
        .run(started -> assertThat(started).hasFailed());
    context
        .withPropertyValues(
            "rethinkdb.tls.enabled=true", "rethinkdb.tls.trust-file=/nowhere/ca.pem")
        .run(started -> assertThat(started).hasFailed());
    context
        .withPropertyValues("rethinkdb.pool.size=0")
        .run(started -> assertThat(started).hasFailed());
  }

  @Test
  void prefersDetailsOfAConnectionToProperties() {
    RethinkDbConnectionDetails details = () -> List.of(new ServerAddress("container", 9));
    context
        .withBean(RethinkDbConnectionDetails.class, () -> details)
        .withPropertyValues("rethinkdb.hosts=ignored")
        .run(started ->
            assertThat(started.getBean(ConnectionPool.class).settings().servers())
                .containsExactly(new ServerAddress("container", 9)));
  }

  @Test
  void isDownWhileNoServerAnswers() {
    context
        .withPropertyValues("rethinkdb.hosts=127.0.0.1:1", "rethinkdb.pool.acquire-timeout=1ms")
        .run(started ->
            assertThat(started.getBean(HealthIndicator.class).health())
                .isNotNull()
                .satisfies(health -> assertThat(health.getStatus()).isEqualTo(Status.DOWN)));
    context
        .withPropertyValues("management.health.rethinkdb.enabled=false")
        .run(started -> assertThat(started).doesNotHaveBean(HealthIndicator.class));
  }

  @Test
  void countsWhereThereIsARegistry() {
    context.run(started -> assertThat(started).doesNotHaveBean(RethinkDbObserver.class));
    context
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(started -> {
          MeterRegistry registry = started.getBean(MeterRegistry.class);
          RethinkDbObserver observer = started.getBean(RethinkDbObserver.class);
          started.getBean(io.micrometer.core.instrument.binder.MeterBinder.class).bindTo(registry);
          observer.queryEnded(QueryEnd.UNKNOWN, Duration.ofMillis(2));
          observer.waitedForConnection(Duration.ofMillis(1));
          observer.feedResumed("f");
          observer.feedInterrupted("f", new FeedInterruption(FeedInterruption.Cause.SILENT, "x"));
          observer.feedLost("f");
          assertThat(registry.get("rethinkdb.query").tag("outcome", "unknown").timer().count())
              .isOne();
          assertThat(registry.get("rethinkdb.pool.wait").timer().count()).isOne();
          assertThat(registry.get("rethinkdb.pool.in.use").tag("database", "none").gauge().value())
              .isZero();
          observer.poolOpened("mine", started.getBean(ConnectionPool.class));
          for (String gauge :
              List.of(
                  "rethinkdb.pool.in.use",
                  "rethinkdb.pool.idle",
                  "rethinkdb.pool.waiting",
                  "rethinkdb.feeds")) {
            assertThat(registry.get(gauge).gauges())
                .extracting(meter -> meter.getId().getTag("database"))
                .containsExactlyInAnyOrder("none", "mine");
          }
          assertThat(registry.get("rethinkdb.feed.resumed").counter().count()).isOne();
          assertThat(
                  registry
                      .get("rethinkdb.feed.interrupted")
                      .tag("cause", "silent")
                      .counter()
                      .count())
              .isOne();
          assertThat(registry.get("rethinkdb.feed.lost").counter().count()).isOne();
        });
  }

  @Test
  void isFoundBySpringBootAndDescribesItsProperties() throws IOException {
    assertThat(
            ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader())
                .getCandidates())
        .contains(
            RethinkDbAutoConfiguration.class.getName(),
            RethinkDbHealthAutoConfiguration.class.getName(),
            RethinkDbMetricsAutoConfiguration.class.getName());
    var metadata =
        java.util.Collections.list(
            getClass()
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"));
    StringBuilder all = new StringBuilder();
    for (var resource : metadata) {
      try (InputStream in = resource.openStream()) {
        all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(all.toString())
        .contains(
            "\"rethinkdb.hosts\"",
            "\"rethinkdb.tls.client-key-store\"",
            "Servers, each as host or host:port");
  }
}
