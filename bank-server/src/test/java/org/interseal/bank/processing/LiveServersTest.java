package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.interseal.store.MutableTable;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;

/** On virtual time; a look is called where a timer would. */
class LiveServersTest {
  private static final int PARTITIONS = 4;
  private static final long LEASE_MILLIS = 1_000;
  private static final long MAX_AHEAD_MILLIS = 10_000;
  private static final SpreadLimits LIMITS = SpreadLimits.DEFAULT;

  private final Set<String> revoked = new HashSet<>();
  private int runs;
  private final VirtualTime time = new VirtualTime(Instant.parse("2026-03-01T12:00:00Z"));
  private final Store store = UnkindStore.bank(1, time, (Scheduler) time, Unkindness.none());

  /** A server that renews its leases at every look, as its ledger threads do between them. */
  private final class Server {
    final LiveServers servers;
    final Map<Integer, WriterLease> held = new TreeMap<>();
    final Map<Integer, WriterLease> leases = new TreeMap<>();
    long height = 1_000;
    Duration ahead = Duration.ZERO;

    Server(String name) {
      String run = name + "-run-" + ++runs;
      servers =
          new LiveServers(
              store,
              PARTITIONS,
              name,
              run,
              LIMITS,
              LEASE_MILLIS,
              time,
              revoked::contains,
              new ClockGuard(
                  store, () -> time.instant().plus(ahead), time::nanoTime, MAX_AHEAD_MILLIS),
              p -> height);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        leases.put(
            partition,
            new WriterLease(
                store,
                "p0" + partition,
                name,
                run,
                LEASE_MILLIS,
                time::nanoTime,
                revoked::contains,
                servers.turn(partition)::isOurs));
      }
    }

    void work() throws StoreUnavailable {
      servers.look();
      for (Map.Entry<Integer, WriterLease> lease : leases.entrySet()) {
        if (lease.getValue().hold()) {
          held.put(lease.getKey(), lease.getValue());
        } else {
          held.remove(lease.getKey());
        }
      }
    }

    /** Hands over what another should write; says how many. */
    int handOver(long writingMillis) throws StoreUnavailable {
      int handed = 0;
      for (Map.Entry<Integer, WriterLease> lease : Map.copyOf(held).entrySet()) {
        Optional<String> better = servers.turn(lease.getKey()).betterWriter(1_000, writingMillis);
        if (better.isPresent()) {
          lease.getValue().release(better);
          held.remove(lease.getKey());
          handed++;
        }
      }
      return handed;
    }
  }

  private void rounds(int count, Server... servers) throws StoreUnavailable {
    for (int i = 0; i < count; i++) {
      for (Server server : servers) {
        server.work();
      }
      time.advance(LIMITS.lookMillis() / 2);
    }
  }

  @Test
  void aServerThatJoinsIsGivenItsShareOnceItHasSettled() throws Exception {
    Server first = new Server("s1");
    rounds(4, first);
    assertThat(first.held).hasSize(PARTITIONS);
    Server second = new Server("s2");

    rounds(2, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isZero();
    rounds(12, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);
    rounds(1, second, first);

    assertThat(first.held.keySet()).containsExactly(0, 1);
    assertThat(second.held.keySet()).containsExactly(2, 3);
    rounds(20, first, second);
    assertThat(first.handOver(LIMITS.holdMillis()) + second.handOver(LIMITS.holdMillis())).isZero();
  }

  @Test
  void nothingIsHandedToOneThatIsBehindOrSoonAfterTakingOver() throws Exception {
    Server first = new Server("s1");
    Server second = new Server("s2");
    second.height = 1_000 - LIMITS.maxBehindBlocks() - 1;
    rounds(20, first, second);

    assertThat(first.handOver(LIMITS.holdMillis())).isZero();
    second.height++;
    rounds(2, first, second);
    assertThat(first.handOver(LIMITS.holdMillis() - 1)).isZero();
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);
  }

  @Test
  void nothingIsHandedToOneWhosePartitionStandsStill() throws Exception {
    Server first = new Server("s1");
    Server second = new Server("s2");
    second.height = LiveServers.ableHeight(new NodePhase.Halted("no disk"), 1_000);
    rounds(20, first, second);

    assertThat(first.handOver(LIMITS.holdMillis())).isZero();
    second.height = LiveServers.ableHeight(new NodePhase.Following(), 1_000);
    rounds(2, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);
  }

  @Test
  void aServerThatComesAndGoesIsGivenNothing() throws Exception {
    Server first = new Server("s1");
    rounds(4, first);

    int handed = 0;
    for (int i = 0; i < 10; i++) {
      rounds(6, first, new Server("s2"));
      handed += first.handOver(LIMITS.holdMillis());
      for (int gone = 0; gone < i; gone++) {
        rounds(1, first);
        handed += first.handOver(LIMITS.holdMillis());
      }
    }

    assertThat(handed).isZero();
    assertThat(first.held).hasSize(PARTITIONS);
  }

  @Test
  void theLeasesOfAServerThatDiesAreSharedOutAtOnce() throws Exception {
    Server first = new Server("s1");
    Server second = new Server("s2");
    Server third = new Server("s3");
    rounds(12, first, second, third);
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);
    rounds(1, second, third, first);
    assertThat(second.held).hasSize(1);
    assertThat(third.held).hasSize(1);

    // A look or two more than the length of a lease.
    rounds(6, second, third);

    assertThat(second.held).hasSize(2);
    assertThat(third.held).hasSize(2);
  }

  @Test
  void whenTheHeirIsGoneTooTheNextOneTakesItAfterHalfALease() throws Exception {
    Server first = new Server("s1");
    Server second = new Server("s2");
    rounds(12, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);

    rounds(1, first);
    assertThat(first.held).hasSize(2);
    rounds(3, first);

    assertThat(first.held).hasSize(PARTITIONS);
  }

  @Test
  void aServerThatLeavesNamesItsHeirs() throws Exception {
    Server first = new Server("s1");
    rounds(4, first);
    assertThat(first.servers.turn(0).heir()).isEmpty();
    Server second = new Server("s2");
    Server third = new Server("s3");
    rounds(12, first, second, third);

    assertThat(first.servers.turn(0).heir()).contains("s2");
    assertThat(first.servers.turn(1).heir()).contains("s3");
    third.servers.leave();
    rounds(1, first, second);

    assertThat(first.servers.turn(1).heir()).contains("s2");
  }

  @Test
  void anEvictedServerIsGivenNothingHoweverLoudItIs() throws Exception {
    Server first = new Server("s1");
    revoked.add("s2");

    rounds(12, first, new Server("s2"));

    assertThat(first.handOver(LIMITS.holdMillis())).isZero();
    assertThat(first.servers.turn(0).heir()).isEmpty();
  }

  @Test
  void aServerWhoseClockLeapsAheadGivesEverythingAway() throws Exception {
    Server first = new Server("s1");
    Server second = new Server("s2");
    rounds(12, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);
    rounds(4, second, first);
    assertThat(second.held).hasSize(2);

    second.ahead = Duration.ofMinutes(5);
    rounds(2, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isZero();
    assertThat(second.handOver(LIMITS.holdMillis())).isEqualTo(2);
    rounds(1, first, second);

    assertThat(first.held).hasSize(PARTITIONS);
    rounds(12, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isZero();
    second.ahead = Duration.ZERO;
    rounds(12, first, second);
    assertThat(first.handOver(LIMITS.holdMillis())).isEqualTo(2);
  }

  @Test
  void rowsOfServersLongGoneAndJunkAreNotCountedOn() throws Exception {
    MutableTable table = store.mutable(TableName.LEASES);
    new Server("s0").servers.look();
    table.put("server.s9", "junk");
    table.put("elsewhere", "junk");
    Server first = new Server("s1");

    for (int i = 0; i < 8; i++) {
      rounds(1, first);
      table.put("server.s9", "junk " + i);
    }

    assertThat(first.servers.turn(0).heir()).isEmpty();
    assertThat(first.held).hasSize(PARTITIONS);
  }
}
