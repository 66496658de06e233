package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainWorld;
import org.interseal.bank.chain.ChainedBlock;
import org.interseal.bank.chain.PlantedTable;
import org.junit.jupiter.api.Test;

class ChainArchiveTest {
  private static final int PART = 64;

  /** Remembers nothing. */
  private static final class NoMemory implements ChainMemory {
    @Override
    public Optional<Head> remembered() {
      return Optional.empty();
    }

    @Override
    public void saw(Head seen) {}
  }

  private final PlantedTable table = new PlantedTable();
  private final ChainWorld world = new ChainWorld(table);
  private final List<ChainedBlock> grown =
      world.grow(world.writer("s1", new NoMemory()), world.start(), 299);
  private final ChainArchive archive =
      new ChainArchive(world.reader(new NoMemory()), grown.getLast().tip());

  @Test
  void anOldBlockIsReachedInParts() throws Exception {
    assertThat(archive.approach(290, PART)).isTrue();
    int parts = 1;
    while (!archive.approach(1, PART)) {
      parts++;
    }

    assertThat(parts).isBetween(3, 5);
    assertThat(archive.hashAt(1)).contains(grown.getFirst().hash());
    assertThat(archive.hashAt(2)).contains(grown.get(1).hash());
  }

  @Test
  void aPartIsNoLongerThanWasAskedFor() throws Exception {
    table.remove(grown.get(199).place().rowId());

    assertThat(archive.approach(1, PART)).as("to 236").isFalse();
    assertThat(archive.approach(1, PART)).as("to 192").isTrue();
    assertThat(archive.hashAt(1)).as("the way is broken").isEmpty();
  }
}
