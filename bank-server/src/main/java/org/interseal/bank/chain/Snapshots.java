package org.interseal.bank.chain;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.SecretKey256;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/**
 * Chunks of a state, encrypted in table {@code snapshots}. Caches: trusted only under ids that a
 * block names, since an id is the hash of the row's body. Thread-safe.
 *
 * <p>A block names few ids. When a snapshot has more than {@value #MAX_NAMED} chunks, their ids
 * stand in further chunks, and those are named.
 *
 * <p>A row's body is {@code 1.<period>.<base64url of the encrypted chunk>}.
 */
public final class Snapshots {
  /** Largest chunk, in bytes. */
  public static final int MAX_CHUNK_BYTES = 256 * 1024;

  /** Most chunks of one snapshot. The state itself is in memory, which ends long before. */
  public static final int MAX_CHUNKS = 100_000;

  /**
   * Most chunks that a block names one by one; of a larger snapshot it names chunks that list the
   * others.
   */
  static final int MAX_NAMED = 256;

  /** How a chunk begins that lists others, one id a line. */
  private static final String LIST_LINE = "interseal-snapshot-list 1\n";

  private static final Bytes LIST_START = Bytes.utf8(LIST_LINE);

  /** A SHA-256 hash in base64url. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

  private static final int IDS_PER_LIST = MAX_CHUNK_BYTES / 64;

  private static final String VERSION = "1";
  private static final int PAGE = 16;

  /** Rows read at a time: who named them may be mad, and a row of the store may be large. */
  private static final int LOAD_PAGE = 4;

  /** Longer is no chunk's row: base64url has four characters for three bytes. */
  private static final int MAX_BODY_CHARACTERS = MAX_CHUNK_BYTES * 4 / 3 + 1_024;

  private static final int MAX_TRIES = 5;

  private final ChainIdentity chain;
  private final AppendTable table;
  private final PeriodKeys periods;
  private final SecureRandom random;

  public Snapshots(
      ChainIdentity chain, AppendTable table, PeriodKeys periods, SecureRandom random) {
    this.chain = chain;
    this.table = table;
    this.periods = periods;
    this.random = random;
  }

  /** What became of a snapshot that was to be stored. */
  public sealed interface StoreResult {
    /** All chunks are durable; the ids in order, for a block to name. */
    record Stored(List<String> chunkIds) implements StoreResult {
      public Stored {
        chunkIds = List.copyOf(chunkIds);
      }
    }

    /** Not all of them; name none. Another time will do: a snapshot is a cache. */
    record NotStored(String detail) implements StoreResult {}
  }

  /** What became of a snapshot that was asked for. */
  public sealed interface LoadResult {
    /** All chunks were handed over, in the order of the ids. */
    record Loaded() implements LoadResult {}

    /** Fall back to an older snapshot, or to folding the whole chain. */
    record Unusable(String chunkId, Fault fault) implements LoadResult {}
  }

  /** What is wrong with a chunk. */
  public enum Fault {
    MISSING,
    /** The row is not what its id is the hash of. */
    ALTERED,
    UNKNOWN_FORMAT_VERSION,
    PERIOD_KEY_MISSING,
    UNREADABLE
  }

  /** Takes chunks one at a time, so that not all of them are in memory at once. */
  @FunctionalInterface
  public interface Sink {
    /**
     * @throws MalformedMessage when the chunk is of no use; no more are handed over
     */
    void take(Bytes chunk) throws MalformedMessage;
  }

  /**
   * Encrypts and stores chunks of up to {@link #MAX_CHUNK_BYTES}, at most {@link #MAX_CHUNKS}.
   *
   * @param chunks asked for in turn, the first ones on the caller's thread
   * @param executor where the others are asked for and encrypted
   */
  public CompletableFuture<StoreResult> store(Iterator<Bytes> chunks, Executor executor)
      throws StoreUnavailable {
    if (!chunks.hasNext()) {
      throw new IllegalArgumentException("no chunks");
    }
    String period = periods.currentPeriod();
    SecretKey256 key = periods.key(period).orElse(null);
    if (key == null) {
      return CompletableFuture.completedFuture(
          new StoreResult.NotStored("no key of period " + period));
    }
    return storeOn(chunks, period, key, new ArrayList<>(), executor);
  }

  /** A page at a time: a snapshot's chunks are larger together than the state they are of. */
  private CompletableFuture<StoreResult> storeOn(
      Iterator<Bytes> chunks,
      String period,
      SecretKey256 key,
      List<String> ids,
      Executor executor) {
    List<NewRow> rows = new ArrayList<>();
    while (rows.size() < PAGE && chunks.hasNext()) {
      Bytes chunk = chunks.next();
      if (chunk.size() > MAX_CHUNK_BYTES) {
        throw new IllegalArgumentException("chunk of " + chunk.size() + " bytes");
      }
      rows.add(row(chunk, period, key));
    }
    rows.forEach(row -> ids.add(row.id()));
    if (ids.size() > MAX_CHUNKS) {
      return CompletableFuture.completedFuture(
          new StoreResult.NotStored("more than " + MAX_CHUNKS + " chunks"));
    }
    boolean last = !chunks.hasNext();
    List<String> named = last && ids.size() > MAX_NAMED ? addLists(rows, ids, period, key) : ids;
    return insertFrom(rows, 0, 1)
        .thenComposeAsync(
            detail -> {
              if (!detail.isEmpty()) {
                return CompletableFuture.completedFuture(new StoreResult.NotStored(detail));
              }
              return last
                  ? CompletableFuture.completedFuture(new StoreResult.Stored(named))
                  : storeOn(chunks, period, key, ids, executor);
            },
            executor);
  }

  private NewRow row(Bytes chunk, String period, SecretKey256 key) {
    String body =
        VERSION + "." + period + "." + key.encrypt(chunk, context(period), random).toBase64Url();
    return new NewRow(ChainPlace.stream(chain.partition()), id(body), body);
  }

  /** Adds rows that list the ids; the new rows' ids. */
  private List<String> addLists(
      List<NewRow> rows, List<String> ids, String period, SecretKey256 key) {
    List<String> lists = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += IDS_PER_LIST) {
      String lines =
          String.join("\n", ids.subList(from, Math.min(from + IDS_PER_LIST, ids.size())));
      NewRow list = row(Bytes.utf8(LIST_LINE + lines), period, key);
      rows.add(list);
      lists.add(list.id());
    }
    return lists;
  }

  /** Empty text when every row from {@code from} on is durable, else what went wrong. */
  private CompletableFuture<String> insertFrom(List<NewRow> rows, int from, int tryNumber) {
    if (from >= rows.size()) {
      return CompletableFuture.completedFuture("");
    }
    List<NewRow> page = rows.subList(from, Math.min(from + PAGE, rows.size()));
    return table
        .insert(page)
        .thenCompose(outcomes -> {
          String trouble = trouble(outcomes);
          if (trouble.isEmpty()) {
            return insertFrom(rows, from + PAGE, 1);
          }
          return tryNumber < MAX_TRIES
              ? insertFrom(rows, from, tryNumber + 1)
              : CompletableFuture.completedFuture(trouble);
        });
  }

  private static String trouble(List<InsertOutcome> outcomes) {
    for (InsertOutcome outcome : outcomes) {
      switch (outcome) {
        case InsertOutcome.Inserted ignored -> {}
        case InsertOutcome.AlreadyThere ignored -> {}
        case InsertOutcome.Occupied ignored -> {
          return "other content under a chunk's hash";
        }
        case InsertOutcome.Unknown(String detail) -> {
          return "unknown: " + detail;
        }
        case InsertOutcome.Failed(String detail) -> {
          return "failed: " + detail;
        }
      }
    }
    return "";
  }

  /**
   * Loads the chunks that a block names.
   *
   * @throws MalformedMessage when the sink throws it, or when lists of chunks are none of this
   *     program
   */
  public LoadResult load(List<String> chunkIds, Sink sink)
      throws StoreUnavailable, MalformedMessage {
    if (Set.copyOf(chunkIds).size() < chunkIds.size()) {
      throw new MalformedMessage("a chunk is named twice");
    }
    Unlisting lists = new Unlisting(sink);
    LoadResult named = loadRows(chunkIds, lists);
    return named instanceof LoadResult.Loaded ? loadRows(List.copyOf(lists.listed), sink) : named;
  }

  /**
   * Hands on what is no list. Who writes blocks may be mad: what is listed is bounded, and nothing
   * is read twice.
   */
  private static final class Unlisting implements Sink {
    private final Sink sink;
    private final Set<String> listed = new LinkedHashSet<>();
    private boolean chunksSeen;
    private boolean listsSeen;

    Unlisting(Sink sink) {
      this.sink = sink;
    }

    @Override
    public void take(Bytes chunk) throws MalformedMessage {
      boolean list = isList(chunk);
      listsSeen |= list;
      chunksSeen |= !list;
      if (listsSeen && chunksSeen) {
        throw new MalformedMessage("lists of chunks among chunks");
      }
      if (list) {
        read(chunk);
      } else {
        sink.take(chunk);
      }
    }

    private void read(Bytes list) throws MalformedMessage {
      if (list.size() > MAX_CHUNK_BYTES) {
        throw new MalformedMessage("a list of chunks of " + list.size() + " bytes");
      }
      for (String id : list.toUtf8().substring(LIST_LINE.length()).lines().toList()) {
        if (!ID.matcher(id).matches() || !listed.add(id) || listed.size() > MAX_CHUNKS) {
          throw new MalformedMessage("not a list of chunks");
        }
      }
    }

    private static boolean isList(Bytes chunk) {
      return chunk.size() >= LIST_START.size()
          && chunk.prefix(LIST_START.size()).equals(LIST_START);
    }
  }

  private LoadResult loadRows(List<String> chunkIds, Sink sink)
      throws StoreUnavailable, MalformedMessage {
    for (int from = 0; from < chunkIds.size(); from += LOAD_PAGE) {
      List<String> page = chunkIds.subList(from, Math.min(from + LOAD_PAGE, chunkIds.size()));
      Map<String, String> bodies = new HashMap<>();
      for (Row row : table.findAll(page)) {
        bodies.put(row.id(), row.body());
      }
      for (String id : page) {
        String body = bodies.get(id);
        if (body == null) {
          return new LoadResult.Unusable(id, Fault.MISSING);
        }
        switch (open(id, body)) {
          case Opened.Chunk(Bytes chunk) -> sink.take(chunk);
          case Opened.Faulty(Fault fault) -> {
            return new LoadResult.Unusable(id, fault);
          }
        }
      }
    }
    return new LoadResult.Loaded();
  }

  private sealed interface Opened {
    record Chunk(Bytes chunk) implements Opened {}

    record Faulty(Fault fault) implements Opened {}
  }

  private Opened open(String id, String body) throws StoreUnavailable {
    if (body.length() > MAX_BODY_CHARACTERS) {
      return new Opened.Faulty(Fault.UNREADABLE);
    }
    if (!id(body).equals(id)) {
      return new Opened.Faulty(Fault.ALTERED);
    }
    String[] parts = body.split("\\.", -1);
    if (!parts[0].equals(VERSION)) {
      return new Opened.Faulty(Fault.UNKNOWN_FORMAT_VERSION);
    }
    if (parts.length != 3) {
      return new Opened.Faulty(Fault.UNREADABLE);
    }
    SecretKey256 key = periods.key(parts[1]).orElse(null);
    if (key == null) {
      return new Opened.Faulty(Fault.PERIOD_KEY_MISSING);
    }
    try {
      return new Opened.Chunk(key.decrypt(Bytes.base64Url(parts[2]), context(parts[1])));
    } catch (CryptoFailure | IllegalArgumentException e) {
      return new Opened.Faulty(Fault.UNREADABLE);
    }
  }

  private static String id(String body) {
    return Bytes.sha256(Bytes.utf8(body)).toBase64Url();
  }

  private Bytes context(String period) {
    return Bytes.sha256OfFields(
        "interseal snapshot v1",
        Bytes.utf8(chain.bank().value()),
        Bytes.utf8(ChainPlace.stream(chain.partition())),
        Bytes.utf8(period));
  }
}
