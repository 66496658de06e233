package org.interseal.service;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.rethinkdb.ConnectionPool;
import org.interseal.rethinkdb.RethinkDbObserver;
import org.interseal.rethinkdb.autoconfigure.RethinkDbAutoConfiguration;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;

/**
 * Clock, randomness, stores, vault and root certificate. What a service does not use is never
 * opened; what it uses and nobody configured ends its start with a {@link ConfigurationRefused}.
 */
@AutoConfiguration(after = RethinkDbAutoConfiguration.class)
@EnableConfigurationProperties(IntersealProperties.class)
public class IntersealServiceConfiguration {
  @Bean
  @ConditionalOnMissingBean
  InstantSource instantSource() {
    return InstantSource.system();
  }

  @Bean
  @ConditionalOnMissingBean
  SecureRandom secureRandom() {
    return new SecureRandom();
  }

  @Bean
  @Lazy
  StoreOpening storeOpening(
      IntersealProperties properties,
      InstantSource clock,
      ObjectProvider<ConnectionPool> cluster,
      ObjectProvider<RethinkDbObserver> observer,
      ObjectProvider<MeterRegistry> meters) {
    return new StoreOpening(properties, clock, cluster, observer, meters);
  }

  /** Somebody said where the store is. */
  static final class StoreConfigured extends AnyNestedCondition {
    StoreConfigured() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty("interseal.store.directory")
    static final class Embedded {}

    @ConditionalOnBooleanProperty("rethinkdb.enabled")
    static final class OnRethinkDb {}
  }

  @Bean(destroyMethod = "close")
  @Lazy
  @Qualifier("sharedStore")
  @ConditionalOnMissingBean(name = "sharedStore")
  Store sharedStore(StoreOpening stores) {
    return stores.shared();
  }

  @Bean(destroyMethod = "close")
  @Lazy
  @Qualifier("bankStore")
  @ConditionalOnMissingBean(name = "bankStore")
  @ConditionalOnProperty("interseal.bank")
  Store bankStore(StoreOpening stores) {
    return stores.bank();
  }

  @Bean
  @Conditional(StoreConfigured.class)
  @ConditionalOnMissingBean(name = "sharedStoreHealthIndicator")
  HealthIndicator sharedStoreHealthIndicator(@Qualifier("sharedStore") Store store) {
    return new StoreHealthIndicator(store, TableName.BANK_KEYS);
  }

  @Bean
  @Conditional(StoreConfigured.class)
  @ConditionalOnProperty("interseal.bank")
  @ConditionalOnMissingBean(name = "bankStoreHealthIndicator")
  HealthIndicator bankStoreHealthIndicator(@Qualifier("bankStore") Store store) {
    return new StoreHealthIndicator(store, TableName.MAILBOX);
  }

  @Bean
  @Lazy
  @ConditionalOnMissingBean
  KeyVault keyVault(IntersealProperties properties) {
    Path file = properties.requireVaultFile();
    if (Files.exists(file)) {
      SecretFile.requireOwnerOnly("interseal.vault.file", file);
    }
    char[] passphrase =
        SecretFile.read("interseal.vault.passphrase-file", properties.requirePassphraseFile());
    try {
      return Pkcs12KeyVault.open(file, passphrase);
    } catch (IOException e) {
      throw new ConfigurationRefused(
          "interseal.vault.file: cannot open " + file,
          "Check that it is a PKCS#12 vault and that interseal.vault.passphrase-file holds its passphrase.");
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  @Bean
  @Lazy
  @ConditionalOnMissingBean
  RootCertificate rootCertificate(IntersealProperties properties) {
    Path file = properties.requireRootCertificate();
    try {
      RootCertificate root = new RootCertificate(Bytes.of(Files.readAllBytes(file)));
      root.key();
      return root;
    } catch (IOException e) {
      throw new ConfigurationRefused(
          "interseal.root-certificate: cannot read " + file,
          "Fetch the authority's root certificate into it.");
    } catch (InvalidKeyMaterial e) {
      throw new ConfigurationRefused(
          "interseal.root-certificate: " + file + " is not the DER of a root certificate",
          "Fetch the authority's root certificate again.");
    }
  }
}
