package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sweep when it has forgotten the single ids of a stretch. */
class StreamSweepTest {
  private static final long NOW = 1_000_000;

  private final FixedTable table = new FixedTable();
  private final StreamSweep sweep = new StreamSweep(table, "s", Position.START, id -> false, 10);

  private void row(String id, long stamp) {
    table.add(new Row("s", id, "body", stamp));
  }

  private void returnedRow(String id, long stamp) {
    row(id, stamp);
    sweep.returned(id, stamp);
  }

  private List<String> sweepOnce() throws StoreUnavailable {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sweep.step(0, NOW, 7).forEach(row -> all.add(row.id()));
    }
    return all;
  }

  private void returnManyRows() {
    for (int i = 0; i < 100; i++) {
      returnedRow("id-%03d".formatted(i), 100_000 + i * 1_000);
    }
  }

  @Test
  void whatWasReturnedIsNotMissed() throws Exception {
    returnManyRows();
    assertThat(sweepOnce()).isEmpty();
  }

  @Test
  void oneMissedRowOfAStretchIsFoundExactly() throws Exception {
    returnManyRows();
    row("missed", 105_500);
    row("missed-too", 125_500);

    assertThat(sweepOnce()).containsExactlyInAnyOrder("missed", "missed-too");
    assertThat(sweepOnce()).isEmpty();
  }

  @Test
  void whereSeveralOfAStretchAreMissedItIsReturnedWholeOnce() throws Exception {
    returnManyRows();
    row("missed", 105_500);
    row("missed-too", 106_500);

    assertThat(sweepOnce()).contains("missed", "missed-too", "id-000", "id-009").hasSize(12);
    assertThat(sweepOnce()).isEmpty();
  }

  @Test
  void ofTheLatestStretchesExactlyTheMissedAreFound() throws Exception {
    returnManyRows();
    row("missed", 198_100);
    row("missed-too", 198_200);

    assertThat(sweepOnce()).containsExactlyInAnyOrder("missed", "missed-too");
  }
}
