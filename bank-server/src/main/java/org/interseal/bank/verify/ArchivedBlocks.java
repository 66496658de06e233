package org.interseal.bank.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.StoreUnavailable;

/**
 * A bank's table {@code blocks} together with what was exported of it, as if nothing had been
 * dropped. Where both have a row the archive's counts, and a difference is noted. For reading by
 * id; inserts nothing.
 */
public final class ArchivedBlocks implements AppendTable {
  private final AppendTable kept;
  private final List<LedgerArchive> archives;
  private final Set<String> differing = new LinkedHashSet<>();

  public ArchivedBlocks(AppendTable kept, List<LedgerArchive> archives) {
    this.kept = kept;
    this.archives = List.copyOf(archives);
  }

  /** Ids under which the store, or another archive, had another row than the first archive. */
  public Set<String> differing() {
    return Set.copyOf(differing);
  }

  @Override
  public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
    TreeMap<String, Row> merged = new TreeMap<>();
    String from = fromId.compareTo(prefix) < 0 ? prefix : fromId;
    String upTo = null;
    for (LedgerArchive archive : archives) {
      List<String> ids =
          archive.idsFrom(from, maxRows).stream().filter(id -> id.startsWith(prefix)).toList();
      for (String id : ids) {
        add(merged, archived(archive, id).orElseThrow());
      }
      upTo = lower(upTo, ids.size() < maxRows ? null : ids.getLast());
    }
    List<Row> page = kept.readById(prefix, fromId, maxRows);
    page.forEach(row -> add(merged, row));
    upTo = lower(upTo, page.isEmpty() ? null : page.getLast().id());
    // Behind the end of the shorter page there may be more of it.
    return List.copyOf((upTo == null ? merged : merged.headMap(upTo, true)).values());
  }

  private static @org.jspecify.annotations.Nullable String lower(
      @org.jspecify.annotations.Nullable String one,
      @org.jspecify.annotations.Nullable String other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? one : other;
  }

  private void add(Map<String, Row> merged, Row row) {
    Row before = merged.putIfAbsent(row.id(), row);
    if (before != null && !before.body().equals(row.body())) {
      differing.add(row.id());
    }
  }

  private static Optional<Row> archived(LedgerArchive archive, String id) throws StoreUnavailable {
    try {
      return archive.find(id);
    } catch (IOException e) {
      throw new StoreUnavailable(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<Row> find(String id) throws StoreUnavailable {
    for (LedgerArchive archive : archives) {
      Optional<Row> found = archived(archive, id);
      if (found.isPresent()) {
        return found;
      }
    }
    return kept.find(id);
  }

  @Override
  public List<Row> findAll(List<String> ids) throws StoreUnavailable {
    List<Row> found = new ArrayList<>();
    for (String id : ids) {
      find(id).ifPresent(found::add);
    }
    return found;
  }

  @Override
  public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
    throw new UnsupportedOperationException("an archive takes no rows");
  }

  @Override
  public List<Row> readAfter(String stream, Position after, int maxRows) {
    throw new UnsupportedOperationException("an archive is read by id");
  }

  @Override
  public List<RowRef> referencesAfter(String stream, Position after, int maxRows) {
    throw new UnsupportedOperationException("an archive is read by id");
  }

  @Override
  public Feed follow(String stream, Runnable wake, Runnable ended) {
    throw new UnsupportedOperationException("an archive grows no more");
  }

  @Override
  public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
    throw new UnsupportedOperationException("an archive grows no more");
  }
}
