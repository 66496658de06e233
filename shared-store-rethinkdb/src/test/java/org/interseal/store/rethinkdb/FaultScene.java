package org.interseal.store.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.interseal.store.Store;
import org.interseal.store.TableName;

/**
 * Two writers, two readers and two followers of one stream at work, by two ways to the same
 * database. Whatever fails meanwhile, in the end every acknowledged row is there, and both readers
 * saw it by polling, without their sweeps.
 */
final class FaultScene implements AutoCloseable {
  static final TableName TABLE = TableName.TRANSACTIONS;
  static final int SOME_ROWS = 200;

  private static final long MAX_START_SECONDS = 30;
  private static final long MAX_SEEN_MILLIS = 30_000;
  private static final AtomicInteger SCENES = new AtomicInteger();

  private static final long MAX_KEPT_MILLIS = 90_000;

  private final Supplier<? extends Store> otherWay;
  private final List<RethinkDbStore> written;
  private final List<StreamLoad> loads;
  private final List<StreamWitness> witnesses;
  private final FeedProbe probe;
  private final List<String> feeds = new ArrayList<>();

  /** With writes acknowledged and feeds live. */
  FaultScene(Supplier<RethinkDbStore> way, Supplier<RethinkDbStore> otherWay)
      throws InterruptedException {
    this.otherWay = otherWay;
    this.written = List.of(way.get(), otherWay.get());
    String stream = "s" + SCENES.incrementAndGet();
    loads =
        List.of(
            new StreamLoad(written.getFirst(), TABLE, stream, "a"),
            new StreamLoad(written.getLast(), TABLE, stream, "b"));
    witnesses =
        List.of(
            new StreamWitness(way.get(), TABLE, stream),
            new StreamWitness(otherWay.get(), TABLE, stream));
    probe = new FeedProbe(otherWay.get(), otherWay.get(), way.get(), TABLE, stream + "-probe");
    boolean working = false;
    try {
      loads.forEach(StreamLoad::start);
      awaitSomeRows();
      awaitLive("before", System.nanoTime(), MAX_START_SECONDS);
      working = true;
    } finally {
      if (!working) {
        close();
      }
    }
  }

  /** Waits until both writers had more rows acknowledged. */
  void awaitSomeRows() throws InterruptedException {
    for (StreamLoad load : loads) {
      load.awaitAcknowledged(SOME_ROWS);
    }
  }

  /**
   * Waits until feeds wake for what is written, and remembers how long that took.
   *
   * @param maxSeconds about three times what the operators' guide says, and not below ten
   */
  void awaitLive(String when, long sinceNanos, long maxSeconds) throws InterruptedException {
    long maxMillis = TimeUnit.SECONDS.toMillis(maxSeconds);
    feeds.add(when + " " + probe.awaitLive(sinceNanos, maxMillis) + " ms");
  }

  /** How often feeds of the probe ended. */
  int feedsEnded() {
    return probe.timesEnded();
  }

  int unknownOutcomes() {
    return loads.stream().mapToInt(StreamLoad::unknownOutcomes).sum();
  }

  int underLaterAttempts() {
    return loads.stream().mapToInt(StreamLoad::underLaterAttempts).sum();
  }

  /** Rows that no poll returned, but a sweep. */
  int rowsSeenLate() {
    return witnesses.stream().mapToInt(StreamWitness::lateRows).sum();
  }

  /** Ends the writers and checks everything. */
  void verify(String fault) throws InterruptedException {
    Set<String> acknowledged = new HashSet<>();
    for (StreamLoad load : loads) {
      load.finish();
      acknowledged.addAll(load.acknowledgedIds());
    }
    List<Set<String>> missed = new ArrayList<>();
    for (StreamWitness witness : witnesses) {
      missed.add(witness.awaitSeen(acknowledged, MAX_SEEN_MILLIS));
    }
    System.out.println("fault: " + fault + summary());
    missed.forEach(rows -> assertThat(rows).as("acknowledged and not seen").isEmpty());
    witnesses.forEach(witness ->
        assertThat(witness.lateRows(acknowledged))
            .as("acknowledged and seen by no poll")
            .isEmpty());
    witnesses.forEach(witness -> assertThat(witness.wrong()).isEmpty());
    try (Store store = otherWay.get()) {
      if (loads.stream().anyMatch(load -> !load.missingIn(store).isEmpty())) {
        awaitPuttingBack();
      }
      loads.forEach(load -> load.verifyStored(store));
    }
    verifyStamps();
  }

  private void awaitPuttingBack() throws InterruptedException {
    for (RethinkDbStore store : written) {
      assertThat(store.written(TABLE).keeping().awaitEmpty(MAX_KEPT_MILLIS))
          .as("looked for")
          .isTrue();
    }
    System.out.printf("fault: the cluster lost acknowledged rows, %d put back%n", putBack());
  }

  private long putBack() {
    return written.stream().mapToLong(RethinkDbStore::rowsPutBack).sum();
  }

  /**
   * Only what the cluster lost is seen again or has another stamp than was acknowledged: nodes that
   * have a row and nodes that got it back may have it with different ones.
   */
  private void verifyStamps() {
    loads.forEach(load ->
        assertThat((long) load.stampedAgain().size())
            .as("stamped again: %s", load.stampedAgain())
            .isLessThanOrEqualTo(putBack()));
    witnesses.forEach(witness ->
        assertThat((long) witness.seenAgain().size())
            .as("seen again: %s", witness.seenAgain())
            .isLessThanOrEqualTo(putBack()));
  }

  private String summary() {
    return "; "
        + loads.stream().map(StreamLoad::summary).collect(Collectors.joining("; "))
        + "; feeds live: "
        + String.join(", ", feeds)
        + "; reads without an answer "
        + witnesses.stream().mapToInt(StreamWitness::unanswered).sum()
        + ", rows seen by sweeps alone "
        + rowsSeenLate()
        + ", put back "
        + putBack();
  }

  @Override
  public void close() {
    probe.close();
    witnesses.forEach(StreamWitness::close);
    loads.forEach(StreamLoad::close);
  }
}
