package org.interseal.service;

import java.time.InstantSource;
import org.interseal.crypto.KeyVault;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.store.Store;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The heartbeat of a gateway or a branch, for services that import this and have a bean of type
 * {@link PartyRole}. Without a vault there is no key to sign with and so no heartbeat. The service
 * itself never holds the key.
 */
@Configuration(proxyBeanMethods = false)
public class HeartbeatConfiguration {
  static final String SIGNING_ALIAS = "node-signing";

  @Bean(destroyMethod = "close")
  @ConditionalOnProperty("interseal.vault.file")
  NodeHeartbeat nodeHeartbeat(
      PartyRole role,
      IntersealProperties interseal,
      KeyVault vault,
      @Qualifier("sharedStore") Store shared,
      InstantSource clock) {
    return vault
        .signingKey(SIGNING_ALIAS)
        .map(key ->
            NodeHeartbeat.start(
                shared,
                new Party(role, interseal.requireBank(), interseal.requireNode()),
                key,
                clock))
        .orElseThrow(() ->
            new ConfigurationRefused(
                "interseal.vault.file holds no key " + SIGNING_ALIAS,
                "Let the bank certify this node first."));
  }
}
