package org.interseal.branch;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SecretKey256;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.DirectoryFollower;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.IntersealProperties;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the branch: keys, directory, journal, and the two threads that send and receive. */
@Configuration(proxyBeanMethods = false)
class BranchConfiguration {
  private static final System.Logger LOG = System.getLogger(BranchConfiguration.class.getName());

  static final String SIGNING_ALIAS = "node-signing";
  static final String ENCRYPTION_ALIAS = "node-encryption";

  /** Made at the first start; without it the journal cannot be read. */
  static final String JOURNAL_ALIAS = "branch-journal";

  /** As whom heartbeats speak. */
  @Bean
  PartyRole nodeRole() {
    return PartyRole.BRANCH;
  }

  @Bean
  BankDirectory bankDirectory(RootCertificate root, @Qualifier("sharedStore") Store shared) {
    try {
      BankDirectory directory = BankDirectory.of(root, shared);
      readOnce(directory);
      return directory;
    } catch (InvalidKeyMaterial e) {
      throw new ConfigurationRefused(
          "interseal.root-certificate is no root certificate",
          "Fetch the authority's root certificate.");
    }
  }

  /** So that the first teller's request finds the bank's key; the follower goes on from there. */
  private static void readOnce(BankDirectory directory) {
    try {
      var _ = directory.refresh();
    } catch (StoreUnavailable e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the published keys cannot be read yet: {0}",
          e.getMessage());
    }
  }

  @Bean(destroyMethod = "close")
  DirectoryFollower directoryFollower(
      IntersealProperties interseal,
      BankDirectory directory,
      @Qualifier("sharedStore") Store shared,
      BranchProperties properties) {
    return DirectoryFollower.start(
        directory, shared, properties.directoryPoll(), Set.of(interseal.requireBank()));
  }

  @Bean(destroyMethod = "close")
  BranchJournal branchJournal(
      IntersealProperties interseal, BranchProperties branch, KeyVault vault, SecureRandom random)
      throws IOException {
    SecretKey256 key = vault.secretKey(JOURNAL_ALIAS).orElse(null);
    if (key == null) {
      key = SecretKey256.generate(random);
      vault.store(JOURNAL_ALIAS, key);
    }
    return BranchJournal.open(branch.requireJournal(), interseal.requireNode(), key, random);
  }

  @Bean
  RequestBook requestBook(BranchJournal journal) throws IOException {
    RequestBook book = new RequestBook();
    book.restore(journal.read());
    return book;
  }

  @Bean(destroyMethod = "close")
  BranchAgent branchAgent(
      IntersealProperties interseal,
      KeyVault vault,
      BankDirectory directory,
      @Qualifier("sharedStore") Store shared,
      @Qualifier("bankStore") Store bankStore,
      BranchJournal journal,
      RequestBook book,
      InstantSource clock,
      SecureRandom random,
      MeterRegistry meters) {
    BranchAgent.Identity identity =
        new BranchAgent.Identity(
            interseal.requireBank(),
            interseal.requireNode(),
            vault.signingKey(SIGNING_ALIAS).orElseThrow(() -> missing(SIGNING_ALIAS)),
            vault.decryptionKey(ENCRYPTION_ALIAS).orElseThrow(() -> missing(ENCRYPTION_ALIAS)));
    return BranchAgent.start(
        identity,
        directory,
        shared,
        bankStore,
        new BranchAgent.Memory(journal, book),
        clock,
        random,
        new BranchMeters(meters, book, clock));
  }

  private static ConfigurationRefused missing(String alias) {
    return new ConfigurationRefused(
        "interseal.vault.file holds no key " + alias, "Let the bank certify this branch first.");
  }

  @Bean
  BranchDesk branchDesk(
      RequestBook book, BranchAgent agent, RootCertificate root, SecureRandom random) {
    return new BranchDesk(book, agent.outbox(), root.fingerprint(), random);
  }

  @Bean
  HealthIndicator branchHealthIndicator(BranchAgent agent) {
    return new BranchHealthIndicator(agent);
  }
}
