package org.interseal.service;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.interseal.crypto.KeyVault;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.store.Store;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tags for the rows that a gateway writes for its bank. Without a vault there is no key to sign
 * with and so no tags. The service itself never holds the signing key, and has to start the tagger.
 */
@Configuration(proxyBeanMethods = false)
public class RowTagConfiguration {
  @Bean(destroyMethod = "close")
  @ConditionalOnProperty("interseal.vault.file")
  RowTagger rowTagger(
      PartyRole role,
      IntersealProperties interseal,
      KeyVault vault,
      BankDirectory directory,
      @Qualifier("sharedStore") Store shared,
      InstantSource clock,
      SecureRandom random) {
    BankId bank = interseal.requireBank();
    return vault
        .signingKey(HeartbeatConfiguration.SIGNING_ALIAS)
        .map(key ->
            new RowTagger(
                shared,
                new Party(role, bank, interseal.requireNode()),
                key,
                () -> List.of(bank),
                reader -> directory.bank(reader).map(LicensedBank::encryptionKey),
                clock,
                random))
        .orElseThrow(() ->
            new ConfigurationRefused(
                "interseal.vault.file holds no key " + HeartbeatConfiguration.SIGNING_ALIAS,
                "Let the bank certify this node first."));
  }
}
