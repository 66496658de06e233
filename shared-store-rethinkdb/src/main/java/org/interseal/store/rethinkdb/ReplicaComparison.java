package org.interseal.store.rethinkdb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.interseal.store.RowRef;
import org.interseal.store.StoreUnavailable;

/**
 * Goes through what several nodes have of one table, in the order of ids, a page of each a time.
 */
final class ReplicaComparison {
  /** What one node has of a table. */
  @FunctionalInterface
  interface Replica {
    /** Rows with ids after this one in the order of ids; fewer than asked for only at the end. */
    List<RowRef> after(String id, int maxRows) throws StoreUnavailable;
  }

  private final List<Replica> replicas;
  private final int pageRows;
  private final Consumer<String> different;
  private long rows;

  /**
   * @param different hears of each id that a node lacks, or has with another stamp than others
   */
  ReplicaComparison(List<Replica> replicas, int pageRows, Consumer<String> different) {
    this.replicas = List.copyOf(replicas);
    this.pageRows = pageRows;
    this.different = different;
  }

  /** Returns how many rows there are, each counted once. */
  long run() throws StoreUnavailable {
    Optional<String> from = Optional.of("");
    while (from.isPresent()) {
      List<List<RowRef>> pages = new ArrayList<>();
      for (Replica replica : replicas) {
        pages.add(replica.after(from.get(), pageRows));
      }
      // Past the end of the shortest full page, other rows of that node may follow.
      from =
          pages.stream()
              .filter(page -> page.size() >= pageRows)
              .map(page -> page.getLast().id())
              .min(Comparator.naturalOrder());
      compare(pages, from);
    }
    return rows;
  }

  private void compare(List<List<RowRef>> pages, Optional<String> until) {
    List<Map<String, RowRef>> byId =
        pages.stream()
            .map(page ->
                page.stream()
                    .filter(row -> until.isEmpty() || row.id().compareTo(until.get()) <= 0)
                    .collect(Collectors.toMap(RowRef::id, Function.identity())))
            .toList();
    TreeSet<String> ids = new TreeSet<>();
    byId.forEach(page -> ids.addAll(page.keySet()));
    for (String id : ids) {
      rows++;
      RowRef first = byId.getFirst().get(id);
      if (first == null || !byId.stream().allMatch(page -> Objects.equals(page.get(id), first))) {
        different.accept(id);
      }
    }
  }
}
