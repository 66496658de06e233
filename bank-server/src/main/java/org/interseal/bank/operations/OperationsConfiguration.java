package org.interseal.bank.operations;

import java.time.InstantSource;
import org.interseal.bank.founding.WrappedKeys;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.bank.processing.PartitionDisks;
import org.interseal.crypto.RootCertificate;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Store;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what operators use: actuator endpoints and health. */
@Configuration(proxyBeanMethods = false)
public class OperationsConfiguration {
  @Bean
  SetAsideEndpoint setAsideEndpoint(BankServer server) {
    return new SetAsideEndpoint(server);
  }

  @Bean
  LedgerEndpoint ledgerEndpoint(BankServer server) {
    return new LedgerEndpoint(server);
  }

  @Bean
  ChainHeadEndpoint chainHeadEndpoint(BankServer server, PartitionDisks disks) {
    return new ChainHeadEndpoint(server, disks);
  }

  @Bean
  ResolutionsEndpoint resolutionsEndpoint(
      BankServer server,
      BankDirectory directory,
      RootCertificate root,
      @Qualifier("sharedStore") Store shared) {
    return new ResolutionsEndpoint(server, directory, root, shared);
  }

  /**
   * Ready once the chain is followed to its end, for as long as messages are taken from the stream
   * in time.
   */
  @Bean
  HealthIndicator chainHealthIndicator(BankServer server) {
    return new ChainHealthIndicator(server);
  }

  /**
   * Ready while this node can open what is sealed to the bank now, and write in the current period.
   */
  @Bean
  HealthIndicator keysHealthIndicator(
      BankServer server, BankDirectory directory, WrappedKeys keys, InstantSource clock) {
    return new KeysHealthIndicator(
        server.settings().bank(),
        directory,
        keys,
        () -> server.sum(BankNode::waitingForOurKey),
        clock);
  }
}
