package org.interseal.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ids that a stream has with those that its reader returned, in little memory:
 * stretches of ten seconds are compared by number and sum of the ids' hashes; for the latest the
 * hashes themselves are kept too, so that exactly the missed rows are found.
 *
 * <p>Of the time before its reader's start it knows nothing at first. What an earlier reader may
 * have missed is most likely close to where that one stopped: the first pass looks back a minute,
 * each later one ten times as far, until one has looked at everything.
 */
final class StreamSweep {
  private static final long STRETCH_MILLIS = 10_000;

  /** Hashes kept, over all stretches, unless a test wants fewer. */
  static final int MAX_HASHES = 262_144;

  private static final int MAX_FETCH = 100;

  /** How far before the start the first pass looks, and by how much further each pass after it. */
  private static final long FIRST_REACH_STRETCHES = 6;

  private static final long REACH_GROWTH = 10;

  /** What was returned of one stretch. */
  private static final class Stretch {
    private int count;
    private long sum;
    private long @Nullable [] hashes;

    Stretch(boolean exact) {
      this.hashes = exact ? new long[8] : null;
    }

    void add(long hash) {
      if (hashes != null) {
        if (count == hashes.length) {
          hashes = Arrays.copyOf(hashes, count * 2);
        }
        hashes[count] = hash;
      }
      count++;
      sum += hash;
    }

    /**
     * References of this stretch that were not returned, or were perhaps not when that is not
     * known.
     */
    List<RowRef> missing(List<RowRef> all) {
      long allSum = all.stream().mapToLong(reference -> hash(reference.id())).sum();
      if (all.size() == count && allSum == sum) {
        return List.of();
      }
      if (hashes != null) {
        Set<Long> known = new HashSet<>();
        for (int i = 0; i < count; i++) {
          known.add(hashes[i]);
        }
        return all.stream().filter(reference -> !known.contains(hash(reference.id()))).toList();
      }
      if (all.size() == count + 1) {
        return all.stream().filter(reference -> hash(reference.id()) == allSum - sum).toList();
      }
      return all;
    }
  }

  private final AppendTable table;
  private final String stream;
  private final TreeMap<Long, Stretch> stretches = new TreeMap<>();

  /** Rows before it were returned by an earlier reader, or by none. */
  private final long startMillis;

  /** Which of those need not be returned. */
  private final Predicate<String> known;

  /** How many stretches before the start the pass under way looks back. */
  private long reachStretches = FIRST_REACH_STRETCHES;

  private final ArrayDeque<String> missing = new ArrayDeque<>();
  private List<RowRef> current = new ArrayList<>();
  private @Nullable Position at;
  private final int maxHashes;
  private int keptHashes;

  /** No earlier stretch has hashes. */
  private long firstExact;

  /**
   * @param start {@link #returned} is told of every row from here on
   * @param known ids of rows before it that need not be returned
   */
  StreamSweep(
      AppendTable table, String stream, Position start, Predicate<String> known, int maxHashes) {
    this.table = table;
    this.maxHashes = maxHashes;
    this.stream = stream;
    this.startMillis = start.timestampMillis();
    this.known = known;
  }

  private static long stretch(long timestampMillis) {
    return Math.floorDiv(timestampMillis, STRETCH_MILLIS);
  }

  private static long hash(String id) {
    return ByteBuffer.wrap(Bytes.sha256(Bytes.utf8(id)).toArray()).getLong();
  }

  void returned(String id, long timestampMillis) {
    Stretch stretch =
        stretches.computeIfAbsent(stretch(timestampMillis), key -> new Stretch(key >= firstExact));
    stretch.add(hash(id));
    if (stretch.hashes != null) {
      keptHashes++;
    }
    while (keptHashes > maxHashes) {
      forgetOldestHashes();
    }
  }

  private void forgetOldestHashes() {
    Map.Entry<Long, Stretch> oldest = stretches.ceilingEntry(firstExact);
    if (oldest == null) {
      keptHashes = 0;
      return;
    }
    Stretch stretch = oldest.getValue();
    keptHashes -= stretch.hashes == null ? 0 : stretch.count;
    stretch.hashes = null;
    firstExact = oldest.getKey() + 1;
  }

  /** Looks at the next references; whole stretches before {@code limitMillis} only. */
  List<Row> step(long oldestMillis, long limitMillis, int maxReferences) throws StoreUnavailable {
    List<Row> late = fetchMissing();
    if (!late.isEmpty()) {
      return late;
    }
    long oldest = stretch(Math.max(0, oldestMillis));
    Position from = at;
    long first = Math.max(oldest, stretch(startMillis) - reachStretches);
    if (from == null || stretch(from.timestampMillis()) < oldest) {
      from = before(first);
      current = new ArrayList<>();
    }
    List<RowRef> references = table.referencesAfter(stream, from, maxReferences);
    long limit = stretch(limitMillis);
    boolean through = references.isEmpty();
    for (RowRef reference : references) {
      long stretch = stretch(reference.timestampMillis());
      compareWhenLeft(stretch);
      through = stretch >= limit;
      if (through) {
        break;
      }
      current.add(reference);
      from = reference.position();
    }
    if (through) {
      compareWhenLeft(limit);
      stretches
          .headMap(oldest)
          .values()
          .forEach(old -> keptHashes -= old.hashes == null ? 0 : old.count);
      stretches.headMap(oldest).clear();
      if (first > oldest) {
        reachStretches *= REACH_GROWTH;
      }
    }
    at = through ? null : from;
    return fetchMissing();
  }

  private static Position before(long stretch) {
    return new Position(stretch * STRETCH_MILLIS, "");
  }

  /** Compares the stretch being read when the next reference is of another. */
  private void compareWhenLeft(long next) {
    if (current.isEmpty()) {
      return;
    }
    long stretch = stretch(current.getFirst().timestampMillis());
    if (stretch >= next) {
      return;
    }
    List<RowRef> all = current;
    current = new ArrayList<>();
    Stretch counted = stretches.getOrDefault(stretch, new Stretch(true));
    List<RowRef> lost = counted.missing(all);
    if (lost.size() == all.size()) {
      // All of it is returned again, and counted again from nothing.
      keptHashes -= counted.hashes == null ? 0 : counted.count;
      stretches.remove(stretch);
    }
    for (RowRef reference : lost) {
      if (reference.timestampMillis() < startMillis && known.test(reference.id())) {
        returned(reference.id(), reference.timestampMillis());
      } else {
        missing.add(reference.id());
      }
    }
  }

  private List<Row> fetchMissing() throws StoreUnavailable {
    if (missing.isEmpty()) {
      return List.of();
    }
    List<String> part = missing.stream().limit(MAX_FETCH).toList();
    List<Row> rows = table.findAll(part);
    for (int i = 0; i < part.size(); i++) {
      missing.remove();
    }
    rows.forEach(row -> returned(row.id(), row.timestampMillis()));
    return rows;
  }
}
