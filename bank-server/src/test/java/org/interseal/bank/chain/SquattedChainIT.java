package org.interseal.bank.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.crypto.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A million rows of junk at one height. */
@Tag("slow")
class SquattedChainIT {
  private final PlantedTable table = new PlantedTable();
  private final ChainWorld world = new ChainWorld(table);

  @Test
  void whenEveryAttemptIsSquattedAPersonIsCalled() {
    ChainWriter writer = world.writer("s1", new PlantedMemory());
    ChainTip tip = world.appended(world.await(writer.appendFence(world.start(), 1))).tip();
    table.squatAfter("p00.000000000002.00");

    assertThat(world.await(writer.append(tip, Bytes.utf8("hello"))))
        .isInstanceOfSatisfying(
            AppendResult.Refused.class,
            refused ->
                assertThat(refused.reason()).isEqualTo(ChainRefused.Reason.TOO_MANY_VOID_ROWS));
  }
}
