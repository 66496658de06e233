package org.interseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether the simulation would find what it is there to find. */
class PlantedBugsTest {
  private static final int MAX_SEEDS = 1_000;
  private static final int REAL_SEEDS = 3;

  private static Object runs;

  @BeforeAll
  static void found() throws ReflectiveOperationException {
    runs = runs(false);
  }

  /** Inside classes of their own, whose cryptography is chosen anew. */
  private static Object runs(boolean realCryptography) throws ReflectiveOperationException {
    return BugWeaver.over(PlantedBugsTest.class.getClassLoader(), Weavings.ALL)
        .loadClass(PlantedRuns.class.getName())
        .getConstructor(boolean.class)
        .newInstance(realCryptography);
  }

  @Test
  void nothing_is_found_where_no_bug_is_and_cryptography_is_real() throws Exception {
    assertThat(first(runs(true), 1, REAL_SEEDS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void a_planted_bug_is_found(PlantedBug bug) throws Exception {
    Map.Entry<Long, String> found =
        entry(
                runs.getClass()
                    .getMethod("find", String.class, int.class)
                    .invoke(runs, bug.name(), MAX_SEEDS))
            .orElseThrow(() -> new AssertionError(bug + " is not found"));

    System.out.println(bug + ": seed " + found.getKey() + ": " + found.getValue());
    assertThat(bug.explains(found.getValue()))
        .as("%s is found for what it is: %s", bug, found)
        .isTrue();
    assertThat(first(runs, found.getKey(), 1)).as("the same seed without %s", bug).isEmpty();
  }

  private static Optional<Map.Entry<Long, String>> first(Object runs, long seed, int seeds)
      throws ReflectiveOperationException {
    return entry(
        runs.getClass().getMethod("first", long.class, int.class).invoke(runs, seed, seeds));
  }

  @SuppressWarnings("unchecked") // the classes of the JDK are the same in all loaders
  private static Optional<Map.Entry<Long, String>> entry(Object found) {
    return (Optional<Map.Entry<Long, String>>) found;
  }
}
