package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.interseal.store.RowRef;
import org.interseal.store.StoreUnavailable;
import org.junit.jupiter.api.Test;

class ReplicaComparisonTest {
  private final List<String> different = new ArrayList<>();

  private static ReplicaComparison.Replica replica(Map<String, Long> rows) {
    return (after, maxRows) ->
        new TreeMap<>(rows)
            .tailMap(after, false).entrySet().stream()
                .limit(maxRows)
                .map(row -> new RowRef(row.getKey(), row.getValue()))
                .toList();
  }

  private long compare(int pageRows, List<Map<String, Long>> replicas) throws StoreUnavailable {
    different.clear();
    return new ReplicaComparison(
            replicas.stream().map(ReplicaComparisonTest::replica).toList(),
            pageRows,
            different::add)
        .run();
  }

  @Test
  void nodesThatHaveTheSameDoNotDiffer() throws StoreUnavailable {
    Map<String, Long> rows = Map.of("a", 1L, "b", 2L, "c", 3L);
    for (int page = 1; page < 5; page++) {
      assertThat(compare(page, List.of(rows, rows, rows))).isEqualTo(3);
      assertThat(different).isEmpty();
    }
    assertThat(compare(2, List.of(Map.of(), Map.of()))).isZero();
  }

  @Test
  void whatOneLacksOrHasWithAnotherStampIsNamedOnceWhateverThePages() throws StoreUnavailable {
    SplittableRandom random = new SplittableRandom(7);
    for (int run = 0; run < 200; run++) {
      TreeMap<String, Long> all = new TreeMap<>();
      int rows = random.nextInt(40);
      for (int i = 0; i < rows; i++) {
        all.put("%03d".formatted(random.nextInt(1_000)), (long) i);
      }
      List<Map<String, Long>> replicas = new ArrayList<>();
      TreeSet<String> expected = new TreeSet<>();
      TreeSet<String> anywhere = new TreeSet<>();
      for (int node = 0; node < 3; node++) {
        TreeMap<String, Long> has = new TreeMap<>(all);
        for (String id : all.keySet()) {
          int luck = random.nextInt(20);
          if (luck == 0) {
            has.remove(id);
            expected.add(id);
          } else if (luck == 1) {
            has.put(id, 1_000L + node);
            expected.add(id);
          }
        }
        anywhere.addAll(has.keySet());
        replicas.add(has);
      }
      expected.retainAll(anywhere);
      assertThat(compare(1 + random.nextInt(12), replicas)).isEqualTo(anywhere.size());
      assertThat(different).as("run " + run).containsExactlyElementsOf(expected);
    }
  }
}
