package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final int MAX_PARTITIONS = 12;
  private static final int MAX_SERVERS = 6;

  private static SortedSet<String> servers(int count) {
    SortedSet<String> servers = new TreeSet<>();
    IntStream.rangeClosed(1, count).forEach(i -> servers.add("s" + i));
    return servers;
  }

  private static Map<Integer, String> writers(List<String> assignment) {
    Map<Integer, String> writers = new HashMap<>();
    for (int i = 0; i < assignment.size(); i++) {
      writers.put(i, assignment.get(i));
    }
    return writers;
  }

  private static void assertBalanced(List<String> assignment, Set<String> live) {
    List<Integer> counts =
        live.stream().map(server -> Collections.frequency(assignment, server)).toList();
    assertThat(live).containsAll(assignment);
    assertThat(Collections.max(counts) - Collections.min(counts)).isLessThanOrEqualTo(1);
  }

  private static List<Integer> moved(List<String> before, List<String> after) {
    List<Integer> moved = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).equals(after.get(i))) {
        moved.add(i);
      }
    }
    return moved;
  }

  @Test
  void itIsBalancedAndStaysAsItIs() {
    for (int partitions = 1; partitions <= MAX_PARTITIONS; partitions++) {
      for (int count = 1; count <= MAX_SERVERS; count++) {
        SortedSet<String> live = servers(count);
        List<String> first = Spread.of(partitions, live, Map.of());
        assertBalanced(first, live);
        assertThat(Spread.of(partitions, live, writers(first))).isEqualTo(first);
      }
    }
  }

  @Test
  void ofAServerThatLeavesOnlyItsOwnPartitionsMove() {
    for (int partitions = 1; partitions <= MAX_PARTITIONS; partitions++) {
      for (int count = 2; count <= MAX_SERVERS; count++) {
        SortedSet<String> live = servers(count);
        List<String> before = Spread.of(partitions, live, Map.of());
        for (String leaver : live) {
          SortedSet<String> left = new TreeSet<>(live);
          left.remove(leaver);
          List<String> after = Spread.of(partitions, left, writers(before));
          assertBalanced(after, left);
          for (int partition : moved(before, after)) {
            assertThat(before.get(partition)).isEqualTo(leaver);
          }
        }
      }
    }
  }

  @Test
  void aServerThatJoinsGetsItsShareAndNothingElseMoves() {
    for (int partitions = 1; partitions <= MAX_PARTITIONS; partitions++) {
      for (int count = 1; count < MAX_SERVERS; count++) {
        List<String> before = Spread.of(partitions, servers(count), Map.of());
        // Its name comes before, or after, all others.
        for (String joiner : List.of("s0", "s9")) {
          SortedSet<String> live = servers(count);
          live.add(joiner);
          List<String> after = Spread.of(partitions, live, writers(before));
          assertBalanced(after, live);
          List<Integer> moved = moved(before, after);
          assertThat(moved).hasSize(partitions / (count + 1));
          for (int partition : moved) {
            assertThat(after.get(partition)).isEqualTo(joiner);
          }
        }
      }
    }
  }

  @Test
  void whatOneServerTookAloneIsSharedOutAgain() {
    Map<Integer, String> allOne = writers(List.of("s2", "s2", "s2", "s2"));

    assertThat(Spread.of(4, servers(2), allOne)).containsExactly("s2", "s2", "s1", "s1");
    assertThat(Spread.of(4, new TreeSet<>(Set.of("s2")), allOne)).containsOnly("s2");
  }
}
