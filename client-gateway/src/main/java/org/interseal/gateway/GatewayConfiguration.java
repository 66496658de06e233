package org.interseal.gateway;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.http.RequestVerifier;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.DirectoryFollower;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.IntersealProperties;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the gateway. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewayProperties.class)
class GatewayConfiguration {
  private static final Duration DIRECTORY_POLL = Duration.ofSeconds(5);
  private static final int TIMER_THREADS = 2;
  private static final long BACKLOG_MILLIS = 1_000;
  private static final Duration TAG_KEYS_PUBLISHED = Duration.ofSeconds(5);

  /** As whom heartbeats speak. */
  @Bean
  PartyRole nodeRole() {
    return PartyRole.GATEWAY;
  }

  @Bean(destroyMethod = "shutdownNow")
  ScheduledExecutorService gatewayTimer() {
    return Executors.newScheduledThreadPool(
        TIMER_THREADS, Thread.ofPlatform().daemon().name("gateway-timer-", 0).factory());
  }

  @Bean(destroyMethod = "close")
  ExecutorService mailboxReaders() {
    return Executors.newThreadPerTaskExecutor(
        Thread.ofVirtual().name("mailbox-reader-", 0).factory());
  }

  @Bean
  GatewayMeters gatewayMeters(MeterRegistry registry) {
    return new GatewayMeters(registry);
  }

  @Bean
  BankDirectory bankDirectory(RootCertificate root, @Qualifier("sharedStore") Store shared) {
    try {
      return BankDirectory.of(root, shared);
    } catch (InvalidKeyMaterial e) {
      throw new ConfigurationRefused(
          "interseal.root-certificate is no root certificate", "Fetch the authority's again.");
    }
  }

  @Bean(destroyMethod = "close")
  DirectoryFollower directoryFollower(
      IntersealProperties interseal, BankDirectory banks, @Qualifier("sharedStore") Store shared) {
    return DirectoryFollower.start(banks, shared, DIRECTORY_POLL, Set.of(interseal.requireBank()));
  }

  @Bean
  DeviceDirectory deviceDirectory(
      IntersealProperties interseal,
      BankDirectory banks,
      @Qualifier("bankStore") Store bankStore,
      InstantSource clock,
      GatewayMeters meters) {
    DeviceDirectory devices =
        new DeviceDirectory(interseal.requireBank(), banks, bankStore, clock, meters);
    meters.gauge("devices.known", devices, DeviceDirectory::size);
    return devices;
  }

  @Bean(destroyMethod = "close")
  DeviceFollower deviceFollower(
      DeviceDirectory devices,
      @Qualifier("bankStore") Store bankStore,
      ScheduledExecutorService gatewayTimer,
      GatewayProperties properties) {
    return new DeviceFollower(
        devices, bankStore.append(TableName.DEVICES), gatewayTimer, properties.devicePoll());
  }

  @Bean
  Mailbox mailbox(@Qualifier("bankStore") Store bankStore, GatewayMeters meters) {
    return new Mailbox(bankStore, meters);
  }

  @Bean(destroyMethod = "close")
  MailboxWakes mailboxWakes(
      Mailbox mailbox, ScheduledExecutorService gatewayTimer, GatewayProperties properties) {
    return new MailboxWakes(
        mailbox.table(),
        Scheduler.on(gatewayTimer),
        properties.mailboxBackstop(),
        mailbox.overlaps());
  }

  @Bean(destroyMethod = "close")
  ReplyWatches replyWatches(
      Mailbox mailbox,
      MailboxWakes wakes,
      ExecutorService mailboxReaders,
      GatewayProperties properties,
      GatewayMeters meters) {
    ReplyWatches replies =
        new ReplyWatches(
            mailbox, wakes, mailboxReaders, properties.maxWaits(), properties.maxWaitsPerDevice());
    meters.gauge("waits.active", replies, ReplyWatches::active);
    return replies;
  }

  @Bean(destroyMethod = "close")
  EventStreams eventStreams(
      Mailbox mailbox,
      MailboxWakes wakes,
      GatewayProperties properties,
      GatewayMeters meters,
      EnvelopeMemory memory) {
    EventStreams events =
        new EventStreams(mailbox, wakes, properties, System::nanoTime, meters, memory);
    meters.gauge("event.streams", events, EventStreams::open);
    return events;
  }

  @Bean
  GatewayLifecycle gatewayLifecycle(ReplyWatches replies, EventStreams events) {
    return new GatewayLifecycle(replies, events);
  }

  @Bean
  Submissions submissions(
      IntersealProperties interseal,
      BankDirectory banks,
      @Qualifier("sharedStore") Store shared,
      ScheduledExecutorService gatewayTimer,
      SecureRandom random,
      GatewayProperties properties,
      ObjectProvider<RowTagger> taggers) {
    RowTagger tagger = taggers.getIfAvailable();
    if (tagger != null) {
      tagger.start(gatewayTimer, TAG_KEYS_PUBLISHED);
    }
    return new Submissions(
        interseal.requireBank(),
        banks,
        tagger,
        shared,
        gatewayTimer,
        System::nanoTime,
        random,
        properties.insertTimeout());
  }

  @Bean
  RateLimits rateLimits(GatewayProperties properties, GatewayMeters meters) {
    return new RateLimits(properties.limits(), TimeMeter.SYSTEM_MILLISECONDS, meters);
  }

  @Bean
  EnvelopeMemory envelopeMemory(GatewayProperties properties, GatewayMeters meters) {
    EnvelopeMemory memory = new EnvelopeMemory(properties.envelopeMemory().toBytes(), meters);
    meters.gauge("envelope.bytes", memory, EnvelopeMemory::heldBytes);
    return memory;
  }

  @Bean
  BankBacklog bankBacklog(
      IntersealProperties interseal,
      BankDirectory banks,
      @Qualifier("sharedStore") Store shared,
      InstantSource clock,
      ScheduledExecutorService gatewayTimer,
      GatewayMeters meters) {
    BankBacklog backlog =
        new BankBacklog(interseal.requireBank(), banks, shared, clock, System::nanoTime);
    meters.gauge("bank.behind.seconds", backlog, b -> b.behindMillis() / 1000.0);
    var _ =
        gatewayTimer.scheduleWithFixedDelay(
            backlog::refresh, BACKLOG_MILLIS, BACKLOG_MILLIS, TimeUnit.MILLISECONDS);
    return backlog;
  }

  @Bean
  Admission admission(
      DeviceDirectory devices,
      RateLimits limits,
      GatewayMeters meters,
      BankBacklog backlog,
      GatewayProperties properties) {
    return new Admission(
        devices, limits, meters, backlog, properties.bankBehind(), System::nanoTime);
  }

  @Bean
  BankDocuments bankDocuments(
      IntersealProperties interseal, BankDirectory banks, RootCertificate root) {
    return new BankDocuments(interseal.requireBank(), banks, root);
  }

  @Bean
  RequestVerifier requestVerifier(InstantSource clock) {
    return new RequestVerifier(clock);
  }

  /** Ready once the bank's own licence was proven. */
  @Bean
  HealthIndicator directoryHealthIndicator(
      IntersealProperties interseal, BankDirectory banks, DirectoryFollower follower) {
    return () ->
        health(
            banks.everRefreshed()
                && follower.storeReachable()
                && banks.bank(interseal.requireBank()).isPresent());
  }

  /** Ready once the devices were read, for as long as they can be followed. */
  @Bean
  HealthIndicator devicesHealthIndicator(DeviceDirectory devices, DeviceFollower follower) {
    return () -> health(devices.caughtUp() && follower.storeReachable());
  }

  private static Health health(boolean up) {
    return up ? Health.up().build() : Health.outOfService().build();
  }
}
