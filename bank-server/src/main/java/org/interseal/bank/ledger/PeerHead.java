package org.interseal.bank.ledger;

import org.interseal.crypto.Bytes;

/**
 * The highest chain head that a counterparty has shown.
 *
 * @param notedHeight our block that recorded it
 * @param forked whether another block at the same height was shown and kept as evidence
 */
public record PeerHead(long height, Bytes hash, long notedHeight, boolean forked) {
  PeerHead asForked() {
    return new PeerHead(height, hash, notedHeight, true);
  }
}
