package org.interseal.bank.processing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * Which server should write which partition: no server has two more than another, and no more
 * partitions move than that takes. Everybody who knows the same works out the same.
 */
final class Spread {
  private Spread() {}

  /**
   * @param live the names of the servers to choose from, at least one
   * @param writers who writes each partition now; partitions of servers that are not live, and
   *     those that nobody writes, may be left out
   * @return a server's name for each partition, in their order
   */
  static List<String> of(int partitions, SortedSet<String> live, Map<Integer, String> writers) {
    Map<String, Integer> room = room(partitions, live, writers);
    String[] chosen = new String[partitions];
    for (int partition = 0; partition < partitions; partition++) {
      String writer = writers.get(partition);
      if (writer != null && room.getOrDefault(writer, 0) > 0) {
        chosen[partition] = writer;
        room.merge(writer, -1, Integer::sum);
      }
    }
    for (int partition = 0; partition < partitions; partition++) {
      if (chosen[partition] == null) {
        chosen[partition] = roomiest(live, room);
        room.merge(chosen[partition], -1, Integer::sum);
      }
    }
    return List.copyOf(Arrays.asList(chosen));
  }

  /** What remains of an uneven division goes to those who have the most already. */
  private static Map<String, Integer> room(
      int partitions, SortedSet<String> live, Map<Integer, String> writers) {
    Map<String, Integer> held = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      String writer = writers.get(partition);
      if (writer != null) {
        held.merge(writer, 1, Integer::sum);
      }
    }
    List<String> byHeld = new ArrayList<>(live);
    byHeld.sort(Comparator.comparingInt((String server) -> -held.getOrDefault(server, 0)));
    int least = partitions / live.size();
    int withOneMore = partitions % live.size();
    Map<String, Integer> room = new HashMap<>();
    for (int i = 0; i < byHeld.size(); i++) {
      room.put(byHeld.get(i), i < withOneMore ? least + 1 : least);
    }
    return room;
  }

  private static String roomiest(SortedSet<String> live, Map<String, Integer> room) {
    String best = live.first();
    for (String server : live) {
      if (room.getOrDefault(server, 0) > room.getOrDefault(best, 0)) {
        best = server;
      }
    }
    return best;
  }
}
