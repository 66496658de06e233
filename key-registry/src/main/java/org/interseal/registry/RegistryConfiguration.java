package org.interseal.registry;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.DirectoryFollower;
import org.interseal.service.IntersealProperties;
import org.interseal.store.DurableInsert;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The authority: its key, its journal and what it decides. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RegistryProperties.class)
class RegistryConfiguration {
  private static final Duration DIRECTORY_POLL = Duration.ofSeconds(2);
  private static final DurableInsert.Limits INSERT_LIMITS = new DurableInsert.Limits(8, 10_000, 50);

  @Bean(destroyMethod = "close")
  Journal journal(IntersealProperties common, RegistryProperties properties) {
    Path configured = properties.authority().journal();
    return Journal.open(
        configured != null
            ? configured
            : common.requireRootCertificate().toAbsolutePath().resolveSibling("journal.jsonl"));
  }

  @Bean
  Authority authority(
      IntersealProperties common,
      RegistryProperties properties,
      KeyVault vault,
      Journal journal,
      InstantSource clock,
      SecureRandom random) {
    RegistryProperties.Authority configured = properties.authority();
    return Authority.open(
        vault,
        common.requireRootCertificate(),
        new Authority.Founding(configured.create(), configured.name(), configured.validity()),
        !journal.lines().isEmpty(),
        clock.instant(),
        random);
  }

  /** From the authority, which may have just made it. */
  @Bean
  RootCertificate rootCertificate(Authority authority) {
    return authority.root();
  }

  @Bean
  BankDirectory bankDirectory(RootCertificate root, @Qualifier("sharedStore") Store shared)
      throws InvalidKeyMaterial {
    return BankDirectory.of(root, shared);
  }

  @Bean(destroyMethod = "close")
  DirectoryFollower directoryFollower(
      BankDirectory directory, @Qualifier("sharedStore") Store shared) {
    return DirectoryFollower.start(directory, shared, DIRECTORY_POLL, Set.of());
  }

  @Bean(destroyMethod = "close")
  ScheduledExecutorService registryTimer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("registry-timer").factory());
  }

  @Bean
  Publication publication(
      @Qualifier("sharedStore") Store shared,
      BankDirectory directory,
      ScheduledExecutorService registryTimer,
      SecureRandom random) {
    DurableInsert insert =
        new DurableInsert(
            shared,
            TableName.BANK_KEYS,
            DurableInsert.ReadBy.CURSOR,
            INSERT_LIMITS,
            Scheduler.on(registryTimer),
            System::nanoTime,
            random);
    return new Publication(insert, directory);
  }

  @Bean
  Licensing licensing(
      Authority authority,
      BankDirectory directory,
      Journal journal,
      Publication publication,
      RegistryProperties properties,
      InstantSource clock,
      SecureRandom random) {
    return new Licensing(
        authority, directory, journal, publication, clock, random, properties.licence().validity());
  }

  @Bean(destroyMethod = "close")
  PublicationTimer publicationTimer(Licensing licensing) {
    return PublicationTimer.start(licensing);
  }

  @Bean
  HealthIndicator registryHealthIndicator(
      DirectoryFollower follower, Publication publication, Journal journal) {
    return new RegistryHealthIndicator(follower, publication, journal);
  }

  @Bean
  RegistryMetrics registryMetrics(
      BankDirectory directory, Licensing licensing, Publication publication) {
    return new RegistryMetrics(directory, licensing, publication);
  }
}
