package org.interseal.protocol.tag;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.TagKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.store.MutableTable;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Makes a writer's rows of {@code transactions}, tagged for their readers, and publishes the keys
 * of its tags: one for each reader, new at every start, wrapped to the reader and signed.
 * Thread-safe.
 *
 * <p>A row whose reader does not have the key yet is read all the same, only not before others.
 */
public final class RowTagger implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RowTagger.class.getName());

  private record Own(TagKey key, EncryptionKey reader, long number, String statement) {}

  private final Store shared;
  private final Party writer;
  private final SigningKey signing;
  private final Supplier<? extends Iterable<BankId>> readers;
  private final Function<BankId, Optional<EncryptionKey>> encryptionKeys;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Map<BankId, Own> keys = new ConcurrentHashMap<>();
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param signing of the writer's certificate
   * @param readers the banks that it writes to
   * @param encryptionKeys what they want things sealed to now
   */
  public RowTagger(
      Store shared,
      Party writer,
      SigningKey signing,
      Supplier<? extends Iterable<BankId>> readers,
      Function<BankId, Optional<EncryptionKey>> encryptionKeys,
      InstantSource clock,
      SecureRandom random) {
    this.shared = shared;
    this.writer = writer;
    this.signing = signing;
    this.readers = readers;
    this.encryptionKeys = encryptionKeys;
    this.clock = clock;
    this.random = random;
  }

  /** The row of an envelope, without a tag. */
  public static NewRow untagged(BankId reader, String envelope, int attempt) {
    return new NewRow(reader.value(), SubmissionId.rowId(reader, envelope, attempt), envelope);
  }

  /** The row of an envelope. */
  public NewRow row(BankId reader, String envelope, int attempt) {
    Own own = keys.get(reader);
    if (own == null) {
      return untagged(reader, envelope, attempt);
    }
    String submissionId = SubmissionId.of(reader, envelope);
    String id = attempt == 0 ? submissionId : SubmissionId.rowId(reader, envelope, attempt);
    return new NewRow(
        reader.value(),
        id,
        new TaggedEnvelope(envelope, own.key().tag(TaggedEnvelope.text(id, submissionId))).body());
  }

  /**
   * Publishes at once and then again, so often, what is missing or was overwritten: any member can
   * overwrite any row of that table.
   */
  public void start(ScheduledExecutorService executor, Duration every) {
    timer =
        executor.scheduleWithFixedDelay(this::publish, 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For a timer: never throws for an operating error. */
  public void publish() {
    try {
      MutableTable table = shared.mutable(TableName.HEARTBEATS);
      for (BankId reader : readers.get()) {
        Optional<EncryptionKey> to = encryptionKeys.apply(reader);
        if (to.isPresent()) {
          publish(table, reader, to.get());
        }
      }
    } catch (StoreUnavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "tag keys were not published: {0}", e.getMessage());
    } catch (RuntimeException e) {
      // A timer drops a task that throws: the bug must be seen, and the next round must come.
      LOG.log(System.Logger.Level.ERROR, "publishing tag keys failed", e);
    }
  }

  private void publish(MutableTable table, BankId reader, EncryptionKey to)
      throws StoreUnavailable {
    Own own = keys.get(reader);
    String id = WriterTagKey.rowId(reader, writer);
    Optional<MutableTable.Versioned> found = table.find(id);
    if (own == null || !own.reader().id().equals(to.id())) {
      TagKey key = own == null ? TagKey.generate(random) : own.key();
      long last = Math.max(own == null ? 0 : own.number(), published(found));
      long number = Math.max(clock.millis(), last + 1);
      own = new Own(key, to, number, statement(reader, to, number, key));
    }
    if (found.isEmpty() || !found.get().body().equals(own.statement())) {
      table.put(id, own.statement());
    }
    keys.put(reader, own);
  }

  /**
   * The number of what this writer left there, perhaps before it started anew: a clock that was set
   * back must not make its new key an old one.
   */
  private long published(Optional<MutableTable.Versioned> row) {
    if (row.isEmpty()) {
      return 0;
    }
    try {
      return ProtocolJson.decode(
              SignedStatement.verify(
                  row.get().body(), WriterTagKey.STATEMENT_TYPE, signing.verificationKey()),
              WriterTagKey.class)
          .number();
    } catch (CryptoFailure | MalformedMessage | IllegalArgumentException e) {
      return 0;
    }
  }

  private String statement(BankId reader, EncryptionKey to, long number, TagKey key) {
    BankId bank = writer.bank();
    if (bank == null) {
      throw new IllegalStateException("a writer of a bank: " + writer);
    }
    WriterTagKey content =
        new WriterTagKey(
            WriterTagKey.VERSION,
            bank,
            writer.role().code(),
            writer.name(),
            reader,
            to.id(),
            number,
            KeyWrap.wrap(key, to, WriterTagKey.context(reader, writer), random));
    return SignedStatement.sign(WriterTagKey.STATEMENT_TYPE, ProtocolJson.encode(content), signing);
  }

  /** No further round begins. */
  @Override
  public void close() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
