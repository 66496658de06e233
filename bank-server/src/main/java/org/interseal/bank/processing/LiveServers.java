package org.interseal.bank.processing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.MutableTable;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bank's servers that show themselves, and who of them should write what.
 *
 * <p>Each overwrites a row of its own in the table of leases, in the bank's own database: other
 * members cannot write there, so it needs no signature. Like a lease it is judged by this server's
 * running time alone, and a hint. Thread-safe.
 */
final class LiveServers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveServers.class);
  private static final int VERSION = 1;
  private static final String PREFIX = "server.";

  /** The height of a chain that a server cannot write, whatever it has followed. */
  static final long NOT_ABLE = -1;

  /** Most rows of servers that are looked at. */
  private static final int MAX_SERVERS = 100;

  /**
   * A server's row.
   *
   * @param run its process, as in a lease
   * @param able it goes on, and its clock lets it make blocks
   * @param heights of each chain, as far as it has followed it, or {@link #NOT_ABLE}
   */
  private record Shown(int v, String node, String run, boolean able, List<Long> heights) {}

  /**
   * A row as it was seen to change.
   *
   * @param run of the server that it shows, empty when it shows none
   * @param alive it has changed since it was first seen
   */
  private record Sighting(
      String run, long version, long sinceNanos, long changedNanos, boolean alive) {}

  /** What the last look showed. */
  private record View(
      SortedSet<String> live,
      SortedSet<String> settled,
      Map<Integer, String> writers,
      Map<String, List<Long>> heights) {}

  private final MutableTable table;
  private final int partitions;
  private final String node;
  private final String run;
  private final SpreadLimits limits;
  private final long leaseMillis;
  private final RunningTime time;
  private final Predicate<String> revoked;
  private final ClockGuard clock;
  private final IntToLongFunction heights;
  private final Map<String, Sighting> sightings = new HashMap<>();
  private volatile boolean able = true;
  private volatile View view;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param run of this process; no other ever has it
   * @param revoked whether the server of that name has no voice any more: it is not counted on
   * @param clock of this server; while it is too far ahead to make blocks, others should
   * @param heights of the partitions' chains, as far as this server has followed them, or {@link
   *     #NOT_ABLE}
   */
  LiveServers(
      Store own,
      int partitions,
      String node,
      String run,
      SpreadLimits limits,
      long leaseMillis,
      RunningTime time,
      Predicate<String> revoked,
      ClockGuard clock,
      IntToLongFunction heights) {
    this.table = own.mutable(TableName.LEASES);
    this.partitions = partitions;
    this.node = node;
    this.run = run;
    this.limits = limits;
    this.leaseMillis = leaseMillis;
    this.time = time;
    this.revoked = revoked;
    this.clock = clock;
    this.heights = heights;
    this.view =
        new View(new TreeSet<>(Set.of(node)), new TreeSet<>(Set.of(node)), Map.of(), Map.of());
  }

  /** What a server shows of a partition whose thread is in that phase. */
  static long ableHeight(NodePhase phase, long followed) {
    return switch (phase) {
      case NodePhase.Halted _, NodePhase.Stopped _ -> NOT_ABLE;
      case NodePhase.Starting _, NodePhase.Following _, NodePhase.Writing _ -> followed;
    };
  }

  /** Shows this server and looks at the others, at once and then so often. */
  void start(ScheduledExecutorService executor) {
    timer =
        executor.scheduleWithFixedDelay(
            this::guardedLook, 0, limits.lookMillis(), TimeUnit.MILLISECONDS);
  }

  private void guardedLook() {
    try {
      look();
    } catch (StoreUnavailable e) {
      log.debug("the other servers were not looked at: {}", e.getMessage());
    } catch (RuntimeException e) {
      // A timer drops a task that throws: the bug must be seen, and the next look must come.
      log.error("looking at the other servers failed", e);
    }
  }

  /** One look. */
  void look() throws StoreUnavailable {
    able = !clock.isTooFarAhead();
    show(able);
    long now = time.nanoTime();
    SortedSet<String> live = new TreeSet<>();
    SortedSet<String> settled = new TreeSet<>();
    if (able) {
      live.add(node);
      settled.add(node);
    }
    Map<String, List<Long>> seenHeights = new HashMap<>();
    Map<Integer, String> writers = new HashMap<>();
    List<MutableTable.Versioned> rows = table.all("");
    for (MutableTable.Versioned row : rows.subList(0, Math.min(rows.size(), maxRows()))) {
      Optional<Shown> shown = row.id().startsWith(PREFIX) ? shown(row) : Optional.empty();
      Sighting sighting = sighted(row, shown.map(Shown::run).orElse(""), now);
      if (shown.isPresent()) {
        Shown other = shown.get();
        if (other.able()
            && !revoked.test(other.node())
            && sighting.alive()
            && !isOlder(sighting.changedNanos(), now)) {
          live.add(other.node());
          seenHeights.put(other.node(), other.heights());
          if (millis(sighting.changedNanos() - sighting.sinceNanos()) >= limits.settleMillis()) {
            settled.add(other.node());
          }
        }
      } else {
        int partition = WriterLease.partitionOf(row.id());
        if (partition >= 0
            && partition < partitions
            && millis(now - sighting.changedNanos()) < leaseMillis) {
          WriterLease.holderOrHeir(row).ifPresent(holder -> writers.put(partition, holder));
        }
      }
    }
    Set<String> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.id()));
    sightings.keySet().retainAll(ids);
    say(live);
    view = new View(live, settled, writers, seenHeights);
  }

  private int maxRows() {
    return MAX_SERVERS + partitions;
  }

  private void say(SortedSet<String> live) {
    if (!live.equals(view.live())) {
      log.info("servers of the bank: {}", live);
    }
  }

  private boolean isOlder(long changedNanos, long now) {
    return millis(now - changedNanos) >= limits.liveMillis();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * A row that stands there already is not taken for a server that lives: it has to change first.
   * One that comes back after a silence, or as another process, starts anew.
   */
  private Sighting sighted(MutableTable.Versioned row, String run, long now) {
    Sighting before = sightings.get(row.id());
    Sighting after;
    if (before == null) {
      after = new Sighting(run, row.version(), now, now, false);
    } else if (before.version() == row.version()) {
      after = before;
    } else {
      boolean goesOn =
          before.alive() && before.run().equals(run) && !isOlder(before.changedNanos(), now);
      after = new Sighting(run, row.version(), goesOn ? before.sinceNanos() : now, now, true);
    }
    sightings.put(row.id(), after);
    return after;
  }

  private void show(boolean goesOn) throws StoreUnavailable {
    List<Long> followed = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      followed.add(heights.applyAsLong(partition));
    }
    table.put(
        PREFIX + node, ProtocolJson.encodeText(new Shown(VERSION, node, run, goesOn, followed)));
  }

  private static Optional<Shown> shown(MutableTable.Versioned row) {
    try {
      Shown shown = ProtocolJson.decode(row.body(), Shown.class);
      return shown.v() == VERSION && row.id().equals(PREFIX + shown.node())
          ? Optional.of(shown)
          : Optional.empty();
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }

  /** Advice for one partition. */
  WriterTurn turn(int partition) {
    return new Turn(partition);
  }

  private final class Turn implements WriterTurn {
    private final int partition;

    Turn(int partition) {
      this.partition = partition;
    }

    private String choice(SortedSet<String> live, Map<Integer, String> writers) {
      return Spread.of(partitions, live, writers).get(partition);
    }

    @Override
    public boolean isOurs(String silent) {
      View now = view;
      SortedSet<String> live = new TreeSet<>(now.live());
      live.remove(silent);
      if (live.isEmpty()) {
        return able;
      }
      Map<Integer, String> writers = new HashMap<>(now.writers());
      writers.remove(partition);
      return choice(live, writers).equals(node);
    }

    @Override
    public Optional<String> betterWriter(long height, long writingMillis) {
      if (writingMillis < limits.holdMillis()) {
        return Optional.empty();
      }
      View now = view;
      if (now.settled().isEmpty()) {
        return Optional.empty();
      }
      Map<Integer, String> writers = new HashMap<>(now.writers());
      writers.put(partition, node);
      String choice = choice(now.settled(), writers);
      List<Long> followed = now.heights().getOrDefault(choice, List.of());
      boolean ready =
          !choice.equals(node)
              && followed.size() == partitions
              && followed.get(partition) != NOT_ABLE
              && followed.get(partition) >= height - limits.maxBehindBlocks();
      return ready ? Optional.of(choice) : Optional.empty();
    }

    @Override
    public Optional<String> heir() {
      View now = view;
      SortedSet<String> others = new TreeSet<>(now.live());
      others.remove(node);
      return others.isEmpty() ? Optional.empty() : Optional.of(choice(others, now.writers()));
    }
  }

  /** Tells the others that this server stops; without an answer of the store they find out. */
  void leave() {
    stop();
    try {
      show(false);
    } catch (StoreUnavailable e) {
      log.debug("the other servers were not told: {}", e.getMessage());
    }
  }

  private void stop() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
