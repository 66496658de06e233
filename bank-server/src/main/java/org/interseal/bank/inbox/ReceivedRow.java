package org.interseal.bank.inbox;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An envelope on its way from the store to the ledger. Mutable fields belong to the ledger thread.
 */
final class ReceivedRow {
  final String envelope;
  final String submissionId;

  /** Whose credit pays for opening it; empty when nobody tagged it. */
  final String writer;

  final long timestampMillis;

  /** By the inbox's running time: when it was read, or came back from waiting for something. */
  volatile long waitsSinceMillis;

  /** The page it was read with; none when an operator released it. */
  final @Nullable ReceivedPage page;

  final int kib;

  /** Never completes exceptionally. Replaced when the envelope is opened again. */
  volatile CompletableFuture<Opening> opening = new CompletableFuture<>();

  /** What it was last opened again for, and how often. */
  Opening.Hope hope = Opening.Hope.NONE;

  /** It waited for its writer's credit: its age says nothing of how busy the ledger is. */
  volatile boolean wasParked;

  int openings;
  int inputsLeft;

  /** Set once the message is durably set aside, or was too much for that. */
  boolean setAside;

  ReceivedRow(
      String envelope,
      String submissionId,
      String writer,
      long timestampMillis,
      long waitsSinceMillis,
      @Nullable ReceivedPage page) {
    this.writer = writer;
    this.envelope = envelope;
    this.submissionId = submissionId;
    this.timestampMillis = timestampMillis;
    this.waitsSinceMillis = waitsSinceMillis;
    this.page = page;
    this.kib = envelope.length() / 1024 + 1;
  }
}
