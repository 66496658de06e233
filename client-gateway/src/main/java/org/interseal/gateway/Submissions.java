package org.interseal.gateway;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.EnvelopeHeader;
import org.interseal.identity.BankId;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.tag.RowTagger;
import org.interseal.store.DurableInsert;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/** Writes sealed envelopes for the bank into the shared store. */
final class Submissions {
  /** Each gateway, and each start of one, tags the same bytes otherwise: they need an id each. */
  private static final int MAX_ATTEMPTS = 32;

  private static final int RETRY_DELAY_MILLIS = 50;

  /** What a compact serialization is made of: base64url and dots. */
  private static final boolean[] COMPACT = compactCharacters();

  private final BankId bank;
  private final BankDirectory banks;
  private final @Nullable RowTagger tagger;
  private final DurableInsert transactions;

  /**
   * @param tagger none where this gateway has no key of its own: rows go untagged then
   */
  Submissions(
      BankId bank,
      BankDirectory banks,
      @Nullable RowTagger tagger,
      Store sharedStore,
      ScheduledExecutorService timer,
      LongSupplier nanoTime,
      RandomGenerator random,
      Duration timeout) {
    this.bank = bank;
    this.banks = banks;
    this.tagger = tagger;
    this.transactions =
        new DurableInsert(
            sharedStore,
            TableName.TRANSACTIONS,
            DurableInsert.ReadBy.CURSOR,
            new DurableInsert.Limits(MAX_ATTEMPTS, timeout.toMillis(), RETRY_DELAY_MILLIS),
            Scheduler.on(timer),
            nanoTime,
            random);
  }

  /** Whether a body can be taken on. Says nothing about what is inside: nobody here can open it. */
  sealed interface Check {
    record Acceptable(String envelope, String submissionId) implements Check {}

    record Malformed() implements Check {}

    /** The recipient key or the partition is none of this bank's. */
    record WrongBank() implements Check {}

    /** This gateway does not know its own bank yet. */
    record BankUnknown() implements Check {}
  }

  Check check(Bytes body) {
    if (body.size() == 0 || body.size() > Envelope.MAX_LENGTH) {
      return new Check.Malformed();
    }
    String envelope = body.toUtf8();
    if (!compact(envelope)) {
      return new Check.Malformed();
    }
    EnvelopeHeader header;
    try {
      header = Envelope.header(envelope);
    } catch (CryptoFailure e) {
      return new Check.Malformed();
    }
    LicensedBank own = banks.bank(bank).orElse(null);
    if (own == null) {
      return new Check.BankUnknown();
    }
    if (!own.hasEncryptionKey(header.recipientKey())
        || header.partition() < 0
        || header.partition() >= own.partitions()) {
      return new Check.WrongBank();
    }
    return new Check.Acceptable(envelope, SubmissionId.of(bank, envelope));
  }

  private static boolean compact(String envelope) {
    for (int i = 0; i < envelope.length(); i++) {
      char c = envelope.charAt(i);
      if (c >= COMPACT.length || !COMPACT[c]) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] compactCharacters() {
    boolean[] compact = new boolean[128];
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        .chars()
        .forEach(c -> compact[c] = true);
    return compact;
  }

  /**
   * Completes when the row is durable, or nobody knows. The same bytes may be given any number of
   * times.
   */
  CompletableFuture<DurableInsert.Result> submit(Check.Acceptable acceptable) {
    String envelope = acceptable.envelope();
    DurableInsert.Content content =
        attempt ->
            tagger == null
                ? RowTagger.untagged(bank, envelope, attempt)
                : tagger.row(bank, envelope, attempt);
    return transactions.insert(List.of(content)).thenApply(List::getFirst);
  }
}
