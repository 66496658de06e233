package org.interseal.bank.chain;

import org.interseal.crypto.Bytes;

/**
 * A valid block, decrypted.
 *
 * @param hash SHA-256 of the block document
 * @param fence the writer's fence, never lower than the predecessor's
 * @param node the server that signed it
 * @param body plaintext content; empty for a fence block
 */
public record ChainedBlock(
    ChainPlace place, Bytes hash, Bytes previousHash, long fence, String node, Bytes body) {}
