package org.interseal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
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
    ClassLoader woven = new BugWeaver(PlantedBugsTest.class.getClassLoader());
    return woven
        .loadClass(PlantedRuns.class.getName())
        .getConstructor(boolean.class)
        .newInstance(realCryptography);
  }

  @Test
  void nothing_is_found_where_no_bug_is_and_cryptography_is_real() throws Exception {
    assertThat(find(runs(true), "", REAL_SEEDS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void a_planted_bug_is_found(PlantedBug bug) throws Exception {
    String found = find(runs, bug.name(), MAX_SEEDS);
    assertThat(found).as("no seed up to %s", MAX_SEEDS).isNotEmpty();
  }

  private static String find(Object runs, String bug, int maxSeeds)
      throws IllegalAccessException, InvocationTargetException, NoSuchMethodException {
    return (String)
        runs.getClass().getMethod("find", String.class, int.class).invoke(runs, bug, maxSeeds);
  }
}
