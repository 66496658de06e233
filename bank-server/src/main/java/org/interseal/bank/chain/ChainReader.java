package org.interseal.bank.chain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Follows one chain. The block at a height is the valid row of the lowest attempt such that every
 * lower attempt has a row and that row is void; with all rows from majority reads, that never
 * changes. Thread-safe.
 *
 * <p>Rows are asked for by their exact ids: whatever else somebody inserts beside them costs
 * nothing.
 */
public final class ChainReader {
  /** Rows per read: at most {@value} of the largest documents stand in memory at once. */
  private static final int PAGE = 16;

  /** Rows behind the end that are looked at for a hole. */
  private static final int MAX_FURTHER = 1_024;

  private final ChainIdentity chain;
  private final AppendTable blocks;
  private final ChainValidator validator;
  private final ChainMemory memory;
  private final ChainObserver observer;

  /**
   * The attempts after the latest tip that are known to be void, which they stay: squatted rows are
   * read once.
   */
  private record KnownVoid(ChainTip tip, int attempts) {}

  private volatile @Nullable KnownVoid knownVoid;

  public ChainReader(
      ChainIdentity chain,
      AppendTable blocks,
      ChainValidator validator,
      ChainMemory memory,
      ChainObserver observer) {
    this.chain = chain;
    this.blocks = blocks;
    this.validator = validator;
    this.memory = memory;
    this.observer = observer;
  }

  /** What stands after a tip. */
  sealed interface Standing {
    record Stands(ChainedBlock block) implements Standing {}

    /** Nothing yet; whoever appends uses this attempt. */
    record Vacant(int attempt) implements Standing {}
  }

  /**
   * The blocks after {@code tip}, at most {@code max}; empty at the end of the chain. What is
   * returned is remembered first.
   *
   * @throws ChainRefused when the very next block needs a person; the blocks before it were
   *     returned
   */
  public List<ChainedBlock> readOn(ChainTip tip, int max) throws StoreUnavailable, ChainRefused {
    requireOurs(tip);
    checkAgainstMemory(tip);
    List<ChainedBlock> read = new ArrayList<>();
    try {
      follow(tip, max, read);
    } catch (StoreUnavailable | ChainRefused e) {
      if (read.isEmpty()) {
        throw e;
      }
    }
    if (!read.isEmpty()) {
      remember(read.getLast().tip());
    }
    return read;
  }

  private void follow(ChainTip tip, int max, List<ChainedBlock> read)
      throws StoreUnavailable, ChainRefused {
    ChainTip at = tip;
    while (read.size() < max) {
      int ask = Math.min(PAGE, max - read.size());
      Map<String, Row> firstAttempts = rows(firstAttemptIds(at, ask));
      for (int i = 0; i < ask; i++) {
        switch (standing(at, firstAttempts.get(at.next(0).rowId()))) {
          case Standing.Stands(ChainedBlock block) -> {
            at = block.tip();
            read.add(block);
          }
          case Standing.Vacant ignored -> {
            return;
          }
        }
      }
    }
  }

  /** What stands after {@code tip} now, by a majority read. */
  Standing standing(ChainTip tip) throws StoreUnavailable, ChainRefused {
    requireOurs(tip);
    return standing(tip, blocks.find(tip.next(0).rowId()).orElse(null));
  }

  private Standing standing(ChainTip tip, @Nullable Row first)
      throws StoreUnavailable, ChainRefused {
    Map<String, Row> page = new HashMap<>();
    if (first != null) {
      page.put(first.id(), first);
    }
    KnownVoid known = knownVoid;
    int from = known != null && known.tip().equals(tip) ? known.attempts() : 0;
    int nextPage = from == 0 ? 1 : from;
    for (int attempt = from; attempt < ChainPlace.MAX_ATTEMPTS; attempt++) {
      if (attempt == nextPage) {
        page = rows(laterAttemptIds(tip, attempt));
        nextPage += PAGE;
      }
      ChainPlace place = tip.next(attempt);
      Row row = page.get(place.rowId());
      if (row == null) {
        return new Standing.Vacant(attempt);
      }
      switch (validator.judge(row, tip, attempt)) {
        case Judgement.Valid(ChainedBlock block) -> {
          checkSameAsSeen(block.tip());
          return new Standing.Stands(block);
        }
        case Judgement.NoBlock(VoidReason reason, String detail) -> {
          knownVoid = new KnownVoid(tip, attempt + 1);
          observer.voidRow(place, reason, detail);
        }
      }
    }
    throw new ChainRefused(
        ChainRefused.Reason.TOO_MANY_VOID_ROWS,
        "all "
            + ChainPlace.MAX_ATTEMPTS
            + " attempts at height "
            + (tip.height() + 1)
            + " of "
            + chain
            + " are taken by void rows: find out who inserts them, take that user's access away and remove them");
  }

  /**
   * Whether nothing stands after {@code tip}, and yet two blocks do further on, one after the
   * other, that servers of the bank signed: rows between are lost. What anybody else wrote there,
   * or a server that is evicted at the tip, says nothing, and no more than {@value #MAX_FURTHER}
   * rows are looked at.
   */
  public boolean goesOnAfterHole(ChainTip tip) throws StoreUnavailable, ChainRefused {
    String prefix = ChainPlace.stream(chain.partition()) + ".";
    String from = new ChainPlace(chain.partition(), tip.height() + 2, 0).rowId();
    int looked = 0;
    for (List<Row> page = blocks.readById(prefix, from, PAGE);
        !page.isEmpty() && looked < MAX_FURTHER;
        page = blocks.readById(prefix, from, PAGE)) {
      for (Row row : page) {
        if (isLinked(row, tip)) {
          // Others may have written on since the end was read.
          return standing(tip) instanceof Standing.Vacant;
        }
      }
      looked += page.size();
      from = page.getLast().id() + "-";
    }
    return false;
  }

  private boolean isLinked(Row row, ChainTip tip) throws StoreUnavailable, ChainRefused {
    Optional<ChainPlace> place = ChainPlace.parse(row.id());
    if (place.isEmpty() || place.get().height() < tip.height() + 3) {
      return false;
    }
    Optional<Bytes> previous = validator.signedPrevious(row, place.get(), tip);
    return previous.isPresent() && row(place.get().height() - 1, previous.get()).isPresent();
  }

  /**
   * The block at a height when its hash is known from a later block: whatever else stands there
   * does not matter. Empty when the store has no such row.
   *
   * @return a block from whose tip nothing can be read on
   */
  public Optional<ChainedBlock> find(long height, Bytes hash)
      throws StoreUnavailable, ChainRefused {
    Optional<Row> row = row(height, hash);
    return row.isEmpty()
        ? Optional.empty()
        : Optional.of(validator.open(document(row.get()), place(height, row.get())));
  }

  private ChainPlace place(long height, Row row) {
    return ChainPlace.parse(row.id())
        .filter(place -> place.partition() == chain.partition() && place.height() == height)
        .orElseThrow(() -> new IllegalStateException("no place of this chain: " + row.id()));
  }

  private Optional<Row> row(long height, Bytes hash) throws StoreUnavailable {
    Map<String, Row> page = Map.of();
    for (int attempt = 0; attempt < ChainPlace.MAX_ATTEMPTS; attempt++) {
      String id = new ChainPlace(chain.partition(), height, attempt).rowId();
      if (attempt > 0 && (attempt - 1) % PAGE == 0) {
        page = rows(attemptIds(height, attempt));
      }
      Row row = attempt == 0 ? blocks.find(id).orElse(null) : page.get(id);
      if (row == null) {
        return Optional.empty();
      }
      if (Bytes.sha256(Bytes.utf8(row.body())).equals(hash)) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  /**
   * The hash of the block before the one at a height whose hash is known; nothing is decrypted.
   * Empty when the store has no such row.
   */
  public Optional<Bytes> previousHash(long height, Bytes hash) throws StoreUnavailable {
    Optional<Row> row = row(height, hash);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(document(row.get()).header().previous());
    } catch (MalformedMessage e) {
      throw new IllegalStateException("block " + row.get().id() + " was valid once", e);
    }
  }

  /**
   * The hash of the block at a lower height that a block descends from, by the hashes alone: what
   * the later block's hash settles. Empty when the store lacks a row on the way.
   */
  public Optional<Bytes> ancestor(long height, Bytes hash, long lower) throws StoreUnavailable {
    Bytes at = hash;
    Map<String, Row> page = Map.of();
    for (long h = height; h > lower; h--) {
      if ((height - h) % PAGE == 0) {
        page = rows(firstAttemptIdsBack(h, lower));
      }
      Row row = page.get(new ChainPlace(chain.partition(), h, 0).rowId());
      if (row == null || !Bytes.sha256(Bytes.utf8(row.body())).equals(at)) {
        row = row(h, at).orElse(null);
      }
      if (row == null) {
        return Optional.empty();
      }
      try {
        at = BlockDocument.parse(row.body()).header().previous();
      } catch (MalformedMessage e) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  private List<String> firstAttemptIdsBack(long from, long lower) {
    List<String> ids = new ArrayList<>();
    for (long h = from; h > lower && h > from - PAGE; h--) {
      ids.add(new ChainPlace(chain.partition(), h, 0).rowId());
    }
    return ids;
  }

  private static BlockDocument document(Row row) {
    try {
      return BlockDocument.parse(row.body());
    } catch (MalformedMessage e) {
      throw new IllegalStateException("block " + row.id() + " was valid once", e);
    }
  }

  private void remember(ChainTip at) {
    memory.saw(new ChainMemory.Head(at.height(), at.hash()));
  }

  /**
   * Refuses a tip that contradicts what was seen. One beyond that, from a snapshot, is remembered
   * when it descends from what was seen.
   */
  void checkAgainstMemory(ChainTip tip) throws ChainRefused, StoreUnavailable {
    checkSameAsSeen(tip);
    ChainMemory.Head seen = memory.remembered().orElse(null);
    if (seen != null && seen.height() < tip.height()) {
      if (!descendsFrom(seen, tip)) {
        throw differs(seen);
      }
      remember(tip);
    }
  }

  /** Whether a tip is no later than what was seen, or descends from it. */
  public boolean descendsFromSeen(ChainTip tip) throws StoreUnavailable {
    ChainMemory.Head seen = memory.remembered().orElse(null);
    return seen == null || seen.height() >= tip.height() || descendsFrom(seen, tip);
  }

  private boolean descendsFrom(ChainMemory.Head seen, ChainTip tip) throws StoreUnavailable {
    return ancestor(tip.height(), tip.hash(), seen.height())
        .filter(seen.hash()::equals)
        .isPresent();
  }

  /** Refuses another block at the remembered height. */
  private void checkSameAsSeen(ChainTip at) throws ChainRefused {
    ChainMemory.Head seen = memory.remembered().orElse(null);
    if (seen != null && at.height() == seen.height() && !at.hash().equals(seen.hash())) {
      throw differs(seen);
    }
  }

  private ChainRefused differs(ChainMemory.Head seen) {
    return new ChainRefused(
        ChainRefused.Reason.DIFFERS_FROM_MEMORY,
        "the store's block at height "
            + seen.height()
            + " of "
            + chain
            + " is not "
            + seen.hash().toHex()
            + ", which this server saw there: the store was restored or tampered with; an operator must decide");
  }

  private void requireOurs(ChainTip tip) {
    if (tip.partition() != chain.partition()) {
      throw new IllegalArgumentException("a tip of another chain");
    }
  }

  private Map<String, Row> rows(List<String> ids) throws StoreUnavailable {
    Map<String, Row> byId = new HashMap<>();
    for (Row row : blocks.findAll(ids)) {
      byId.put(row.id(), row);
    }
    return byId;
  }

  private static List<String> firstAttemptIds(ChainTip tip, int heights) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= heights; i++) {
      ids.add(new ChainPlace(tip.partition(), tip.height() + i, 0).rowId());
    }
    return ids;
  }

  private List<String> laterAttemptIds(ChainTip tip, int from) {
    return attemptIds(tip.height() + 1, from);
  }

  private List<String> attemptIds(long height, int from) {
    List<String> ids = new ArrayList<>();
    for (int attempt = from; attempt < Math.min(from + PAGE, ChainPlace.MAX_ATTEMPTS); attempt++) {
      ids.add(new ChainPlace(chain.partition(), height, attempt).rowId());
    }
    return ids;
  }
}
