package org.interseal.bank.inbox;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.meters.BankMeters;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SecretKey256;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps messages that could not be believed, encrypted under the bank's period key, for operators
 * to look at.
 *
 * <p>Whoever floods the bank with junk fills counters, not the store: past a burst, rows are kept
 * at a bounded rate only. Thread-safe.
 */
public final class SetAside {
  /** Kept at once after a quiet time. */
  static final int BURST_ROWS = 1_000;

  /** Kept per second in the long run. */
  static final int ROWS_PER_SECOND = 2;

  private static final Logger log = LoggerFactory.getLogger(SetAside.class);
  private static final int VERSION = 1;

  /** The row's body. */
  private record Sealed(int v, String period, Bytes sealed) {}

  private final AppendTable table;
  private final DurableInsert inserts;
  private final String stream;
  private final PeriodKeys keys;
  private final InstantSource clock;
  private final SecureRandom random;
  private final BankMeters meters;
  private double tokens = BURST_ROWS;
  private long refilledMillis;

  /**
   * @param inserts into {@link TableName#SET_ASIDE}, read by id
   */
  public SetAside(
      AppendTable table,
      DurableInsert inserts,
      String stream,
      PeriodKeys keys,
      InstantSource clock,
      SecureRandom random,
      BankMeters meters) {
    this.table = table;
    this.inserts = inserts;
    this.stream = stream;
    this.keys = keys;
    this.clock = clock;
    this.random = random;
    this.meters = meters;
    this.refilledMillis = clock.millis();
  }

  /**
   * Counts the message and keeps it, unless there are too many. Completes once it is durable, or
   * will not be kept; never exceptionally.
   */
  CompletableFuture<Void> store(
      String submissionId, String reason, String envelope, long storedAtMillis, boolean room) {
    meters.setAside(reason);
    if (!room || !takeToken()) {
      log.debug("message {} set aside and not kept: {}", submissionId, reason);
      return CompletableFuture.completedFuture(null);
    }
    log.info("message {} set aside: {}", submissionId, reason);
    NewRow row;
    try {
      row =
          seal(new SetAsideRecord(submissionId, reason, storedAtMillis, clock.millis(), envelope));
    } catch (StoreUnavailable e) {
      log.warn("message {} is not kept: the period key is out of reach", submissionId, e);
      return CompletableFuture.completedFuture(null);
    }
    return insert(row);
  }

  private CompletableFuture<Void> insert(NewRow row) {
    return inserts
        .insert(List.of(attempt -> row))
        .thenAccept(results -> {
          switch (results.getFirst()) {
            case DurableInsert.Result.Durable _ -> meters.rows(TableName.SET_ASIDE, 1);
            // The id is taken: it was set aside before. Or the store is out of order, and the
            // counters have it.
            case DurableInsert.Result.GaveUp(String why) ->
                log.info(
                    "message {} set aside was kept before, or is not known to be: {}",
                    row.id(),
                    why);
          }
        });
  }

  private synchronized boolean takeToken() {
    long now = clock.millis();
    long elapsed = Math.max(0, now - refilledMillis);
    refilledMillis = now;
    tokens = Math.min(BURST_ROWS, tokens + elapsed * (ROWS_PER_SECOND / 1000.0));
    if (tokens < 1) {
      return false;
    }
    tokens -= 1;
    return true;
  }

  private NewRow seal(SetAsideRecord content) throws StoreUnavailable {
    String period = keys.currentPeriod();
    SecretKey256 key =
        keys.key(period).orElseThrow(() -> new StoreUnavailable("no key of the current period"));
    Bytes sealed =
        key.encrypt(ProtocolJson.encode(content), context(content.submissionId()), random);
    return new NewRow(
        stream,
        content.submissionId(),
        ProtocolJson.encodeText(new Sealed(VERSION, period, sealed)));
  }

  private Bytes context(String submissionId) {
    return Bytes.utf8("interseal set-aside v1 " + stream + " " + submissionId);
  }

  /**
   * A page of what was set aside.
   *
   * @param next where the next page begins
   * @param last whether there was nothing behind it
   */
  public record Page(List<SetAsideRecord> records, Position next, boolean last) {
    public Page {
      records = List.copyOf(records);
    }
  }

  /** A page, oldest first; rows that this node cannot read are left out. */
  public Page list(Position after, int maxRows) throws StoreUnavailable {
    List<SetAsideRecord> records = new ArrayList<>();
    Position next = after;
    List<Row> rows = table.readAfter(stream, after, maxRows);
    for (Row row : rows) {
      open(row).ifPresent(records::add);
      next = row.position();
    }
    return new Page(records, next, rows.isEmpty());
  }

  /**
   * Which of these submissions are kept here; at most {@link
   * org.interseal.store.StoreLimits#MAX_ROWS}.
   */
  Set<String> kept(List<String> submissionIds) throws StoreUnavailable {
    return table.findAll(submissionIds).stream()
        .filter(row -> row.stream().equals(stream))
        .map(Row::id)
        .collect(Collectors.toSet());
  }

  public Optional<SetAsideRecord> find(String submissionId) throws StoreUnavailable {
    Optional<Row> row = table.find(submissionId);
    return row.isPresent() && row.get().stream().equals(stream)
        ? open(row.get())
        : Optional.empty();
  }

  private Optional<SetAsideRecord> open(Row row) throws StoreUnavailable {
    try {
      Sealed sealed = ProtocolJson.decode(row.body(), Sealed.class);
      if (sealed.v() != VERSION) {
        log.warn(
            "set-aside row {} has format version {}, which this program does not know",
            row.id(),
            sealed.v());
        return Optional.empty();
      }
      Optional<SecretKey256> key = keys.key(sealed.period());
      if (key.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          ProtocolJson.decode(
              key.get().decrypt(sealed.sealed(), context(row.id())), SetAsideRecord.class));
    } catch (MalformedMessage | CryptoFailure e) {
      log.warn("set-aside row {} is not readable", row.id());
      return Optional.empty();
    }
  }
}
