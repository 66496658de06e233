package org.interseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.store.Persevering.ask;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of rows that change. */
abstract class MutableContract extends ReadContract {
  @Test
  void aMutableRowCountsItsVersions() {
    MutableTable heartbeats = store.mutable(TableName.HEARTBEATS);
    assertThat(ask(() -> heartbeats.find("node-1"))).isEmpty();

    put(heartbeats, "node-1", "first");
    MutableTable.Versioned first = ask(() -> heartbeats.find("node-1")).orElseThrow();
    put(heartbeats, "node-1", "second");
    MutableTable.Versioned second = ask(() -> heartbeats.find("node-1")).orElseThrow();

    assertThat(first.body()).isEqualTo("first");
    assertThat(first.version()).isPositive();
    assertThat(second.body()).isEqualTo("second");
    assertThat(second.version()).isGreaterThan(first.version());
    assertThat(second.timestampMillis()).isPositive();
  }

  @Test
  void allReturnsThoseWithThePrefix() {
    MutableTable heartbeats = store.mutable(TableName.HEARTBEATS);
    put(heartbeats, "bank-a:1", "x");
    put(heartbeats, "bank-a:2", "y");
    put(heartbeats, "bank-b:1", "z");

    assertThat(ask(() -> heartbeats.all("bank-a:")))
        .extracting(MutableTable.Versioned::id)
        .containsExactlyInAnyOrder("bank-a:1", "bank-a:2");
    assertThat(ask(() -> heartbeats.all(""))).hasSize(3);
  }

  @Test
  void compareAndSetWritesOnlyOverTheExpectedVersion() {
    MutableTable leases = bank().mutable(TableName.LEASES);
    if (answersReliably()) {
      assertThat(ask(() -> leases.compareAndSet("0", 1, "x"))).isFalse();
      assertThat(ask(() -> leases.compareAndSet("0", 0, "a"))).isTrue();
      assertThat(ask(() -> leases.compareAndSet("0", 0, "b"))).isFalse();
      long version = ask(() -> leases.find("0")).orElseThrow().version();
      assertThat(ask(() -> leases.compareAndSet("0", version, "c"))).isTrue();
      assertThat(ask(() -> leases.compareAndSet("0", version, "d"))).isFalse();
      assertThat(ask(() -> leases.find("0")).orElseThrow().body()).isEqualTo("c");
    }
    assertThat(ask(() -> leases.compareAndSet("1", 7, "x"))).isFalse();
    assertThat(ask(() -> leases.find("1"))).isEmpty();
  }

  @Test
  void ofManyWhoCompareAndSetAtMostOneWinsEachVersion() throws Exception {
    Store one = bank();
    Store two = bank();
    List<Integer> wins =
        inParallel(
            6,
            writer -> {
              MutableTable leases = (writer % 2 == 0 ? one : two).mutable(TableName.LEASES);
              int won = 0;
              for (int i = 0; i < 20; i++) {
                long version =
                    ask(() -> leases.find("0")).map(MutableTable.Versioned::version).orElse(0L);
                String body = writer + ":" + i;
                try {
                  won += leases.compareAndSet("0", version, body) ? 1 : 0;
                } catch (StoreUnavailable e) {
                  // Perhaps written: then the version has moved and nobody else won it.
                }
              }
              return won;
            });

    long version = ask(() -> one.mutable(TableName.LEASES).find("0")).orElseThrow().version();
    int won = wins.stream().mapToInt(Integer::intValue).sum();
    assertThat((long) won).isPositive().isLessThanOrEqualTo(version);
    if (answersReliably()) {
      assertThat((long) won).isEqualTo(version);
    }
  }
}
