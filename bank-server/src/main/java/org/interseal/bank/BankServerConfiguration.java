package org.interseal.bank;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.founding.NodeKeys;
import org.interseal.bank.founding.WrappedKeys;
import org.interseal.bank.inbox.InboxLimits;
import org.interseal.bank.outbox.OutboxLimits;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.bank.processing.NodePorts;
import org.interseal.bank.processing.NodeSettings;
import org.interseal.bank.processing.NodeThreads;
import org.interseal.bank.processing.PartitionDisks;
import org.interseal.bank.processing.ProcessingLimits;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.RootCertificate;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.service.ConfigurationRefused;
import org.interseal.service.IntersealProperties;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires a server from its configuration. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ServerProperties.class, TermsProperties.class})
class BankServerConfiguration {
  private static final int LOWEST_PARTITION = 0;

  @Bean
  BankDirectory bankDirectory(RootCertificate root, @Qualifier("sharedStore") Store shared)
      throws StoreUnavailable {
    try {
      BankDirectory directory = BankDirectory.of(root, shared);
      directory.refresh();
      return directory;
    } catch (InvalidKeyMaterial e) {
      throw new ConfigurationRefused(
          "interseal.root-certificate is no root certificate", "Fetch the authority's again.");
    }
  }

  @Bean
  WrappedKeys wrappedKeys(
      IntersealProperties interseal,
      BankDirectory directory,
      KeyVault vault,
      @Qualifier("bankStore") Store own)
      throws StoreUnavailable {
    LicensedBank licensed = licence(interseal, directory);
    DecryptionKey nodeKey =
        vault
            .decryptionKey(NodeKeys.ENCRYPTION_ALIAS)
            .orElseThrow(() -> missing(NodeKeys.ENCRYPTION_ALIAS));
    return WrappedKeys.open(
        Party.server(interseal.requireBank(), interseal.requireNode()),
        licensed.certifyingKey(),
        nodeKey,
        own);
  }

  private static LicensedBank licence(IntersealProperties interseal, BankDirectory directory) {
    return directory
        .bank(interseal.requireBank())
        .orElseThrow(() ->
            new ConfigurationRefused(
                "bank " + interseal.requireBank() + " has no licence",
                "Apply to the authority first; see docs/operating/bank-server.md."));
  }

  private static ConfigurationRefused missing(String alias) {
    return new ConfigurationRefused(
        "the vault has no key " + alias,
        "Have the bank admit this node; see docs/operating/bank-server.md.");
  }

  @Bean(destroyMethod = "close")
  PartitionDisks partitionDisks(
      IntersealProperties interseal, ServerProperties server, BankDirectory directory) {
    LicensedBank licensed = licence(interseal, directory);
    return PartitionDisks.open(
        directory(interseal, server), licensed.bank(), licensed.partitions());
  }

  private static Path directory(IntersealProperties interseal, ServerProperties server) {
    Path directory = server.directory();
    return directory != null
        ? directory
        : java.util.Objects.requireNonNull(
            interseal.requireVaultFile().toAbsolutePath().getParent());
  }

  @Bean(destroyMethod = "")
  BankServer bankServer(
      IntersealProperties interseal,
      ServerProperties server,
      TermsProperties terms,
      @Qualifier("sharedStore") Store shared,
      @Qualifier("bankStore") Store own,
      BankDirectory directory,
      KeyVault vault,
      WrappedKeys keys,
      PartitionDisks disks,
      InstantSource clock,
      SecureRandom random,
      MeterRegistry meters) {
    SigningKey signing =
        vault.signingKey(NodeKeys.SIGNING_ALIAS).orElseThrow(() -> missing(NodeKeys.SIGNING_ALIAS));
    NodePorts ports =
        new NodePorts(
            shared,
            own,
            directory,
            signing,
            keys::decryptionKey,
            keys::refresh,
            new WrappedPeriods(keys),
            new RegistryNodeTrust(interseal.requireBank(), directory),
            clock,
            random,
            meters);
    NodeSettings settings = settings(interseal, server, terms);
    return new BankServer(
        settings,
        ports,
        disks.all(),
        NodeThreads.platform(
            settings.bank() + "-" + settings.node(), settings.workers(), disks.all().size()));
  }

  private static NodeSettings settings(
      IntersealProperties interseal, ServerProperties server, TermsProperties terms) {
    ProcessingLimits p = ProcessingLimits.DEFAULT;
    OutboxLimits o = OutboxLimits.DEFAULT;
    return new NodeSettings(
        interseal.requireBank(),
        LOWEST_PARTITION,
        interseal.requireNode(),
        terms.terms(),
        new ProcessingLimits(
            server.blockInterval().toMillis(),
            p.maxClockAheadMillis(),
            p.leaseMillis(),
            p.followMillis(),
            server.snapshotBlocks(),
            p.shutdownMillis()),
        InboxLimits.DEFAULT,
        new OutboxLimits(
            o.maxPending(),
            o.batchRows(),
            server.noticeGrace().toMillis(),
            o.resendFirstMillis(),
            o.resendMaxMillis(),
            o.maxResendLetters()),
        server.workerThreads());
  }

  @Bean
  BankServerLifecycle bankServerLifecycle(
      BankServer server, InstantSource clock, SecureRandom random) {
    WarmUp warmUp =
        new WarmUp(
            () -> server.partitions().stream().map(BankNode::phase).toList(),
            new PractiseLetter(server.settings().bank(), clock, random),
            WarmUp.Limits.DEFAULT,
            Thread.ofPlatform()
                .daemon(true)
                .priority(Thread.MIN_PRIORITY)
                .name(server.settings().bank() + "-practice")
                .factory(),
            RunningTime.real());
    return new BankServerLifecycle(server, warmUp);
  }

  private record WrappedPeriods(WrappedKeys keys) implements PeriodKeys {
    @Override
    public String currentPeriod() {
      return keys.currentPeriod();
    }

    @Override
    public Optional<SecretKey256> key(String periodId) throws StoreUnavailable {
      return keys.periodKey(periodId);
    }

    @Override
    public boolean beginsWithOpening() {
      return keys.retiredPeriods() > 0;
    }
  }
}
