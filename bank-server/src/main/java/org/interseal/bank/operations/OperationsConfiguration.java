package org.interseal.bank.operations;

import java.time.InstantSource;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.bank.founding.WrappedKeys;
import org.interseal.bank.processing.BankNode;
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
  SetAsideEndpoint setAsideEndpoint(BankNode node) {
    return new SetAsideEndpoint(node);
  }

  @Bean
  LedgerEndpoint ledgerEndpoint(BankNode node) {
    return new LedgerEndpoint(node);
  }

  @Bean
  ChainHeadEndpoint chainHeadEndpoint(BankNode node, RememberedHeads heads) {
    return new ChainHeadEndpoint(node, heads);
  }

  @Bean
  ResolutionsEndpoint resolutionsEndpoint(
      BankNode node,
      BankDirectory directory,
      RootCertificate root,
      @Qualifier("sharedStore") Store shared) {
    return new ResolutionsEndpoint(node, directory, root, shared);
  }

  /**
   * Ready once the chain is followed to its end, for as long as messages are taken from the stream
   * in time.
   */
  @Bean
  HealthIndicator chainHealthIndicator(BankNode node) {
    return new ChainHealthIndicator(node);
  }

  /**
   * Ready while this node can open what is sealed to the bank now, and write in the current period.
   */
  @Bean
  HealthIndicator keysHealthIndicator(
      BankNode node, BankDirectory directory, WrappedKeys keys, InstantSource clock) {
    return new KeysHealthIndicator(
        node.settings().bank(), directory, keys, node::waitingForOurKey, clock);
  }
}
