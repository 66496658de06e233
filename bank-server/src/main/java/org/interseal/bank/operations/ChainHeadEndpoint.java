package org.interseal.bank.operations;

import java.util.Optional;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.BankServer;
import org.interseal.bank.processing.PartitionDisks;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * What this server remembers of the chain, and the decision to accept a shorter one after the store
 * was restored from a backup.
 */
@WebEndpoint(id = "chainhead")
final class ChainHeadEndpoint {
  private static final Logger log = LoggerFactory.getLogger(ChainHeadEndpoint.class);

  /** A block by height and hash in hexadecimal. */
  record Head(long height, String hash) {}

  /** What is remembered, and what the store showed last. */
  record Heads(int partition, @Nullable Head remembered, Head followed) {}

  private final BankServer server;
  private final PartitionDisks disks;

  ChainHeadEndpoint(BankServer server, PartitionDisks disks) {
    this.server = server;
    this.disks = disks;
  }

  /**
   * @param partition the lowest when it is not given
   */
  @ReadOperation
  WebEndpointResponse<Heads> heads(@Nullable Integer partition) {
    return Partitions.named(server, partition)
        .map(node -> new WebEndpointResponse<>(heads(node)))
        .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
  }

  private Heads heads(BankNode node) {
    int partition = node.settings().partition();
    return new Heads(
        partition,
        disks.heads(partition).remembered().map(ChainHeadEndpoint::head).orElse(null),
        new Head(node.tip().height(), node.tip().hash().toHex()));
  }

  private static Head head(ChainMemory.Head head) {
    return new Head(head.height(), head.hash().toHex());
  }

  /**
   * Accepts that the chain ends with this block, whatever was seen before: what came after it is
   * given up.
   */
  @WriteOperation
  WebEndpointResponse<Heads> accept(long height, String hash, @Nullable Integer partition) {
    Optional<BankNode> node = Partitions.named(server, partition);
    if (node.isEmpty()) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
    }
    try {
      disks.heads(node.get().settings().partition()).accept(height, Bytes.hex(hash));
    } catch (IllegalArgumentException e) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_BAD_REQUEST);
    }
    log.warn(
        "an operator accepted block {} ({}) as the end of the chain of partition {}",
        height,
        hash,
        node.get().settings().partition());
    return new WebEndpointResponse<>(heads(node.get()));
  }
}
