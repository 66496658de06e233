package org.interseal.bank.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriterLeaseTest {
  private static final String PARTITION = "p00";
  private static final long LEASE_MILLIS = 1_000;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
  private final Store store =
      UnkindStore.bank(1, InstantSource.system(), Scheduler.on(executor), Unkindness.none());

  private final Set<String> revoked = new HashSet<>();

  private WriterLease lease(String node, String run) {
    return new WriterLease(
        store, PARTITION, node, run, LEASE_MILLIS, nanos::get, revoked::contains, silent -> true);
  }

  /** Of a server whose turn it is not. */
  private WriterLease patientLease(String node) {
    return new WriterLease(
        store,
        PARTITION,
        node,
        node + "-run",
        LEASE_MILLIS,
        nanos::get,
        revoked::contains,
        silent -> false);
  }

  private void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @AfterEach
  void close() {
    store.close();
    executor.shutdown();
  }

  @Test
  void goes_to_another_when_its_holder_was_silent_for_its_length() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    assertThat(first.hold()).isTrue();
    assertThat(second.hold()).isFalse();
    pass(LEASE_MILLIS - 1);
    assertThat(second.hold()).isFalse();
    pass(1);
    assertThat(second.hold()).isTrue();
    assertThat(first.hold()).isFalse();
  }

  @Test
  void of_a_revoked_server_is_taken_at_once_and_cannot_be_taken_back() throws StoreUnavailable {
    WriterLease evicted = lease("s1", "run-1");
    WriterLease live = lease("s2", "run-2");
    assertThat(evicted.hold()).isTrue();
    assertThat(live.hold()).isFalse();

    revoked.add("s1");
    assertThat(live.hold()).isTrue();
    assertThat(evicted.hold()).isFalse();
    pass(LEASE_MILLIS);
    assertThat(evicted.hold()).as("it writes the row once more").isTrue();
    assertThat(live.hold()).isTrue();
  }

  private String rowNow() throws StoreUnavailable {
    return store.mutable(TableName.LEASES).find(PARTITION).orElseThrow().body();
  }

  @Test
  void a_revoked_server_that_writes_the_row_sets_live_servers_against_nobody()
      throws StoreUnavailable {
    WriterLease first = lease("s2", "run-2");
    WriterLease second = lease("s3", "run-3");
    assertThat(lease("s1", "run-1").hold()).isTrue();
    String ofTheRevoked = rowNow();
    revoked.add("s1");
    assertThat(first.hold()).isTrue();
    assertThat(second.hold()).as("one of them has it").isFalse();

    for (int i = 0; i < 20; i++) {
      store.mutable(TableName.LEASES).put(PARTITION, ofTheRevoked);
      assertThat(second.hold()).isFalse();
      assertThat(second.writer()).contains("s2");
      assertThat(first.keep()).isTrue();
      assertThat(second.hold()).isFalse();
      pass(LEASE_MILLIS / 4);
    }
    // Its writes do not keep the lease of a live server that is gone, either.
    for (int i = 0; i < 3; i++) {
      store.mutable(TableName.LEASES).put(PARTITION, ofTheRevoked);
      assertThat(second.hold()).isFalse();
      pass(LEASE_MILLIS / 4);
    }
    store.mutable(TableName.LEASES).put(PARTITION, ofTheRevoked);
    assertThat(second.hold()).isTrue();
  }

  @Test
  void a_row_of_a_revoked_server_hides_nobody_whose_blocks_come() throws StoreUnavailable {
    WriterLease follower = lease("s3", "run-3");
    assertThat(lease("s1", "run-1").hold()).isTrue();
    revoked.add("s1");

    for (int i = 0; i < 10; i++) {
      follower.sawBlockOf("s2");
      pass(LEASE_MILLIS - 1);
      assertThat(follower.hold()).isFalse();
    }
    follower.sawBlockOf("s1");
    assertThat(follower.hold()).as("blocks of the revoked one count as little").isTrue();
  }

  @Test
  void of_a_revoked_server_goes_to_the_server_whose_turn_it_is() throws StoreUnavailable {
    WriterLease patient = patientLease("s3");
    assertThat(lease("s1", "run-1").hold()).isTrue();
    revoked.add("s1");

    assertThat(patient.hold()).isFalse();
    pass(LEASE_MILLIS / 2 - 1);
    assertThat(patient.hold()).isFalse();
    pass(1);
    assertThat(patient.hold()).isTrue();
  }

  @Test
  void may_be_ours_until_the_store_says_otherwise() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    assertThat(first.mayBeOurs()).isFalse();
    assertThat(first.hold()).isTrue();
    assertThat(second.hold()).isFalse();
    assertThat(first.mayBeOurs()).isTrue();
    assertThat(second.mayBeOurs()).isFalse();
    first.release(Optional.empty());
    assertThat(first.mayBeOurs()).isFalse();
    assertThat(second.hold()).isTrue();
    pass(LEASE_MILLIS);
    assertThat(first.hold()).isFalse();
    pass(LEASE_MILLIS);
    assertThat(first.hold()).isTrue();
    assertThat(second.keep()).isFalse();
    assertThat(second.mayBeOurs()).isFalse();
  }

  @Test
  void stays_with_a_holder_that_renews_it_however_old_its_stamps_look() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    for (int i = 0; i < 10; i++) {
      assertThat(first.hold()).isTrue();
      assertThat(second.hold()).isFalse();
      pass(LEASE_MILLIS - 1);
    }
  }

  @Test
  void is_free_at_once_when_it_is_given_back() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    assertThat(first.hold()).isTrue();
    first.release(Optional.empty());
    assertThat(second.hold()).isTrue();
    first.release(Optional.empty());
    assertThat(second.hold()).isTrue();
    assertThat(first.hold()).isFalse();
  }

  @Test
  void leaves_the_first_go_to_the_server_whose_turn_it_is() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    WriterLease patient = patientLease("s3");
    assertThat(first.hold()).isTrue();
    assertThat(second.hold()).isFalse();
    assertThat(patient.hold()).isFalse();

    pass(LEASE_MILLIS);
    assertThat(patient.hold()).isFalse();
    assertThat(second.hold()).isTrue();
    assertThat(patient.hold()).isFalse();
    pass(LEASE_MILLIS + LEASE_MILLIS / 2 - 1);
    assertThat(patient.hold()).isFalse();
    pass(1);
    assertThat(patient.hold()).isTrue();
  }

  @Test
  void goes_to_its_heir_at_once_and_to_others_after_half_its_length() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    WriterLease heir = patientLease("s3");
    assertThat(first.hold()).isTrue();
    first.release(Optional.of("s3"));

    assertThat(second.hold()).isFalse();
    assertThat(heir.hold()).isTrue();
    heir.release(Optional.of("s4"));
    assertThat(second.hold()).isFalse();
    assertThat(first.hold()).isFalse();
    pass(LEASE_MILLIS / 2 - 1);
    assertThat(second.hold()).isFalse();
    pass(1);
    assertThat(second.hold()).isTrue();
  }

  @Test
  void shows_who_writes_until_that_one_is_silent() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease patient = patientLease("s2");
    assertThat(first.writer()).isEmpty();
    assertThat(first.hold()).isTrue();
    assertThat(patient.hold()).isFalse();
    assertThat(first.writer()).contains("s1");
    assertThat(patient.writer()).contains("s1");

    pass(LEASE_MILLIS);
    assertThat(patient.hold()).isFalse();
    assertThat(patient.writer()).isEmpty();
    assertThat(first.hold()).isTrue();
    first.release(Optional.empty());
    assertThat(first.writer()).isEmpty();
  }

  @Test
  void passes_at_once_to_the_same_node_when_it_starts_again() throws StoreUnavailable {
    assertThat(lease("s1", "run-1").hold()).isTrue();
    assertThat(lease("s1", "run-2").hold()).isTrue();
  }

  @Test
  void does_not_go_to_and_fro_between_two_processes_of_one_node() throws StoreUnavailable {
    WriterLease older = lease("s1", "run-1");
    WriterLease newer = lease("s1", "run-2");
    assertThat(older.hold()).isTrue();
    assertThat(newer.hold()).isTrue();
    assertThat(older.hold()).isFalse();
    assertThat(newer.hold()).isTrue();
    assertThat(older.hold()).isFalse();
  }

  @Test
  void is_not_kept_by_who_lost_it_in_between() throws StoreUnavailable {
    WriterLease first = lease("s1", "run-1");
    WriterLease second = lease("s2", "run-2");
    assertThat(first.hold()).isTrue();
    assertThat(first.keep()).isTrue();
    pass(LEASE_MILLIS);
    assertThat(second.hold()).isFalse();
    pass(LEASE_MILLIS);
    assertThat(second.hold()).isTrue();
    second.release(Optional.empty());

    // Free, but the blocks that the other one wrote meanwhile have to be read first.
    assertThat(first.keep()).isFalse();
    assertThat(first.hold()).isTrue();
    assertThat(first.keep()).isTrue();
  }

  @Test
  void junk_in_its_row_costs_its_length_and_no_more() throws StoreUnavailable {
    store.mutable(TableName.LEASES).put(PARTITION, "junk");
    WriterLease lease = lease("s1", "run-1");
    assertThat(lease.hold()).isFalse();
    pass(LEASE_MILLIS);
    assertThat(lease.hold()).isTrue();
  }
}
