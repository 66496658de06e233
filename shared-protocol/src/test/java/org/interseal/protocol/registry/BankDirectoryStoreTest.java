package org.interseal.protocol.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.protocol.registry.LicenceStatus.ACTIVE;
import static org.interseal.protocol.registry.LicenceStatus.SUSPENDED;
import static org.interseal.protocol.registry.TestAuthority.NOW;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.interseal.protocol.registry.TestAuthority.TestNode;
import org.interseal.store.DurableInsert;
import org.interseal.store.NewRow;
import org.interseal.store.Scheduler;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BankDirectoryStoreTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestBank A = AUTHORITY.bank("AAAAXX00");
  private static final TestBank B = AUTHORITY.bank("BBBBXX00");
  private static final TestNode SERVER = A.server("s1");
  private static final TestNode EVICTED = A.server("s2");
  private static final List<RegistryRow> HISTORY =
      List.of(
          A.licence(1, ACTIVE),
          B.licence(1, ACTIVE),
          SERVER.row(),
          EVICTED.row(),
          B.gateway("g1").row(),
          A.revocation(1, EVICTED),
          A.epoch(2, 2, DecryptionKey.generate(new SecureRandom())),
          B.licence(2, SUSPENDED),
          AUTHORITY.resolution(A.id(), B.id(), 1, false));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void readersAgreeHoweverUnkindTheStoreIs(long seed) throws Exception {
    VirtualTime time = new VirtualTime(NOW);
    UnkindStore store = UnkindStore.shared(seed, time, time, Unkindness.harsh());
    DurableInsert insert =
        new DurableInsert(
            store,
            TableName.BANK_KEYS,
            DurableInsert.ReadBy.CURSOR,
            new DurableInsert.Limits(50, 600_000, 20),
            time,
            time::nanoTime,
            new SplittableRandom(seed));
    BankDirectory early = BankDirectory.of(AUTHORITY.root(), store);
    for (RegistryRow row : HISTORY) {
      var done = insert.insert(List.of((DurableInsert.Content) row::toInsert));
      while (!done.isDone()) {
        time.advance(100);
        refreshIfPossible(early);
      }
      assertThat(done.join())
          .as("seed %d", seed)
          .allMatch(DurableInsert.Result.Durable.class::isInstance);
    }
    time.advance(10_000);
    store.become(Unkindness.none());
    early.refresh();
    BankDirectory late = BankDirectory.of(AUTHORITY.root(), store);
    late.refresh();

    for (BankDirectory directory : List.of(early, late)) {
      assertThat(directory.version()).as("seed %d", seed).isEqualTo(HISTORY.size());
      assertThat(directory.usable(A.id(), NOW)).isTrue();
      assertThat(directory.usable(B.id(), NOW)).isFalse();
      assertThat(directory.bank(A.id()).orElseThrow().epoch()).isEqualTo(2);
      assertThat(directory.node(A.id(), PartyRole.SERVER, key(SERVER), NOW)).isPresent();
      assertThat(directory.node(A.id(), PartyRole.SERVER, key(EVICTED), NOW)).isEmpty();
    }
  }

  private static void refreshIfPossible(BankDirectory directory) {
    long before = directory.version();
    try {
      directory.refresh();
    } catch (StoreUnavailable e) {
      assertThat(directory.version()).isGreaterThanOrEqualTo(before);
    }
  }

  @Test
  void onlyAReadingOfEverythingIsComplete() throws Exception {
    Store store = kind();
    var _ = store.append(TableName.BANK_KEYS).insert(List.of(A.licence(1, ACTIVE).toInsert(0)));
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), store);
    directory.refresh(Set.of(A.id()));
    directory.refresh(Set.of());
    assertThat(directory.completeReads()).isZero();
    directory.refresh();

    assertThat(directory.completeReads()).isEqualTo(1);
  }

  @Test
  void rowsOfStrangersAreReadOnceAndCountedOnce() throws Exception {
    Store store = kind();
    List<NewRow> rows = new ArrayList<>();
    rows.add(A.licence(1, ACTIVE).toInsert(0));
    // B is not licensed: whatever stands in its stream is not even read.
    rows.add(B.server("s1").row().toInsert(0));
    rows.add(new NewRow(A.id().value(), "junk-1", "junk"));
    rows.add(new NewRow(A.id().value(), "junk-2", "x".repeat(RegistryRow.MAX_BODY_LENGTH + 1)));
    rows.add(new NewRow(A.id().value(), "licence-in-a-banks-stream", A.licence(2, ACTIVE).body()));
    rows.add(
        new NewRow(RegistryRow.AUTHORITY_STREAM, "node-in-the-authoritys", SERVER.row().body()));
    var _ = store.append(TableName.BANK_KEYS).insert(rows).join();
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), store);
    directory.refresh();
    directory.sweep();
    directory.sweep();

    assertThat(directory.version()).isEqualTo(1);
    assertThat(directory.bank(A.id()).orElseThrow().licenceNumber()).isEqualTo(1);
    assertThat(directory.refused())
        .isEqualTo(Map.of(Refusal.MALFORMED, 2L, Refusal.WRONG_STREAM, 2L));
  }

  @Test
  void aSquattedRowIdKeepsNothingOut() throws Exception {
    Store store = kind();
    RegistryRow licence = A.licence(1, ACTIVE);
    NewRow wanted = licence.toInsert(0);
    var _ =
        store
            .append(TableName.BANK_KEYS)
            .insert(
                List.of(new NewRow(wanted.stream(), wanted.id(), "squatted"), licence.toInsert(1)))
            .join();
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), store);
    directory.refresh();

    assertThat(directory.knows(licence)).isTrue();
    assertThat(directory.usable(A.id(), NOW)).isTrue();
  }

  @Test
  void aFollowedDirectoryHearsOfNewRows() throws Exception {
    try (ScheduledExecutorService threads = Executors.newScheduledThreadPool(2)) {
      Store store =
          UnkindStore.shared(1, InstantSource.fixed(NOW), Scheduler.on(threads), Unkindness.none());
      BankDirectory directory = BankDirectory.of(AUTHORITY.root(), store);
      CountDownLatch changed = new CountDownLatch(1);
      directory.onChange(changed::countDown);
      // So rare that only the feed or the first poll can be what tells it.
      try (DirectoryFollower follower =
          DirectoryFollower.start(directory, store, Duration.ofHours(1), Set.of())) {
        var _ =
            store
                .append(TableName.BANK_KEYS)
                .insert(List.of(A.licence(1, ACTIVE).toInsert(0)))
                .join();
        assertThat(changed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.usable(A.id(), NOW)).isTrue();
        assertThat(follower.storeReachable()).isTrue();
      }
    }
  }

  private static Store kind() {
    VirtualTime time = new VirtualTime(NOW);
    return UnkindStore.shared(1, time, time, Unkindness.none());
  }

  private static KeyId key(TestNode node) {
    return node.key().verificationKey().id();
  }
}
