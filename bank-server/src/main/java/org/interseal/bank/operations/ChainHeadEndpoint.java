package org.interseal.bank.operations;

import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.bank.processing.BankNode;
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
  record Heads(@Nullable Head remembered, Head followed) {}

  private final BankNode node;
  private final RememberedHeads heads;

  ChainHeadEndpoint(BankNode node, RememberedHeads heads) {
    this.node = node;
    this.heads = heads;
  }

  @ReadOperation
  Heads heads() {
    Head followed = new Head(node.tip().height(), node.tip().hash().toHex());
    return new Heads(heads.remembered().map(ChainHeadEndpoint::head).orElse(null), followed);
  }

  private static Head head(ChainMemory.Head head) {
    return new Head(head.height(), head.hash().toHex());
  }

  /**
   * Accepts that the chain ends with this block, whatever was seen before: what came after it is
   * given up.
   */
  @WriteOperation
  WebEndpointResponse<Heads> accept(long height, String hash) {
    Bytes bytes;
    try {
      bytes = Bytes.hex(hash);
      heads.accept(height, bytes);
    } catch (IllegalArgumentException e) {
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_BAD_REQUEST);
    }
    log.warn("an operator accepted block {} ({}) as the end of the chain", height, hash);
    return new WebEndpointResponse<>(heads());
  }
}
