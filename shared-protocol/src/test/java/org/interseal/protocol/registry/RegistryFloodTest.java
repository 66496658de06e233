package org.interseal.protocol.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.interseal.protocol.registry.LicenceStatus.ACTIVE;
import static org.interseal.protocol.registry.LicenceStatus.SUSPENDED;
import static org.interseal.protocol.registry.TestAuthority.NOW;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.interseal.protocol.registry.TestAuthority.TestBank;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.MutableTable;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.RowRef;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A licensed bank writes junk as fast as readers read. */
@Timeout(20)
class RegistryFloodTest {
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestBank A = AUTHORITY.bank("AAAAXX00");
  private static final TestBank HOSTILE = AUTHORITY.bank("HOSTXX00");

  private final VirtualTime time = new VirtualTime(NOW);
  private final UnkindStore real = UnkindStore.shared(1, time, time, Unkindness.none());
  private final AppendTable table = real.append(TableName.BANK_KEYS);
  private int junk;
  private int bodiesRead;

  private void insert(RegistryRow... rows) {
    insert(java.util.Arrays.stream(rows).map(row -> row.toInsert(0)).toList());
  }

  private void insert(List<NewRow> rows) {
    var _ = table.insert(rows).join();
    time.advance(1);
  }

  private void junk(String stream, int count) {
    List<NewRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new NewRow(stream, "junk-" + junk, "junk " + junk));
      junk++;
    }
    insert(rows);
  }

  @Test
  void refreshEndsThoughAStreamDoesNot() throws Exception {
    for (String flooded : List.of(RegistryRow.AUTHORITY_STREAM, HOSTILE.id().value())) {
      insert(A.licence(1, ACTIVE), HOSTILE.licence(1, ACTIVE));
      BankDirectory directory =
          BankDirectory.of(
              AUTHORITY.root(),
              watched(stream -> {
                if (stream.equals(flooded)) {
                  junk(stream, 3);
                }
              }));
      directory.refresh();

      assertThat(directory.usable(A.id(), NOW)).isTrue();
      assertThat(directory.everRefreshed()).isTrue();
    }
  }

  @Test
  void aSuspensionIsSeenWhileABankFloodsItsStream() throws Exception {
    insert(A.licence(1, ACTIVE), HOSTILE.licence(1, ACTIVE));
    junk(HOSTILE.id().value(), 1_000);
    junk(HOSTILE.id().value(), 1_000);
    junk(HOSTILE.id().value(), 1_000);
    List<Boolean> usable = new ArrayList<>();
    BankDirectory[] directory = new BankDirectory[1];
    directory[0] =
        BankDirectory.of(
            AUTHORITY.root(),
            watched(stream -> {
              if (stream.equals(HOSTILE.id().value())) {
                usable.add(directory[0].usable(HOSTILE.id(), NOW));
                if (usable.size() == 1) {
                  insert(HOSTILE.licence(2, SUSPENDED));
                }
              }
            }));
    directory[0].refresh();

    assertThat(usable).startsWith(true, false).endsWith(false);
  }

  @Test
  void aCallThatStopsAtItsBudgetIsTakenUpByTheNext() throws Exception {
    insert(A.licence(1, ACTIVE), HOSTILE.licence(1, ACTIVE));
    for (int i = 0; i <= BankDirectory.MAX_BANK_PAGES; i++) {
      junk(HOSTILE.id().value(), 1_000);
    }
    RegistryRow server = HOSTILE.server("s1").row();
    insert(server);
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), watched(_ -> {}));
    directory.refresh();
    int first = bodiesRead;
    boolean known = directory.knows(server);
    directory.refresh();

    assertThat(first).isBetween(1, BankDirectory.MAX_BANK_PAGES * 1_000 + 10);
    assertThat(known).isFalse();
    assertThat(directory.knows(server)).isTrue();
  }

  @Test
  void aStreamThatWasNotReadToItsEndIsReadOnThoughNobodyAsksForIt() throws Exception {
    insert(A.licence(1, ACTIVE), HOSTILE.licence(1, ACTIVE));
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), watched(_ -> {}));
    directory.refresh();
    for (int i = 0; i <= BankDirectory.MAX_BANK_PAGES; i++) {
      junk(HOSTILE.id().value(), 1_000);
    }
    RegistryRow server = HOSTILE.server("s1").row();
    insert(server);
    directory.refresh(Set.of(HOSTILE.id()));
    boolean known = directory.knows(server);
    directory.refresh(Set.of());

    assertThat(known).isFalse();
    assertThat(directory.knows(server)).isTrue();
  }

  @Test
  void aFloodThatIsOverIsNotReadAgain() throws Exception {
    insert(A.licence(1, ACTIVE), HOSTILE.licence(1, ACTIVE));
    for (int i = 0; i < 12; i++) {
      junk(HOSTILE.id().value(), 1_000);
    }
    BankDirectory directory = BankDirectory.of(AUTHORITY.root(), watched(_ -> {}));
    directory.refresh();
    time.advance(3_600_000);
    directory.refresh();
    int before = bodiesRead;
    for (int i = 0; i < 10; i++) {
      directory.sweep();
    }

    assertThat(bodiesRead).isEqualTo(before);
    assertThat(directory.refused()).containsEntry(Refusal.MALFORMED, 12_000L);
  }

  @Test
  void aSweepFindsWhatBecameVisibleTooLate() throws Exception {
    insert(A.licence(1, ACTIVE));
    RegistryRow late = HOSTILE.licence(1, ACTIVE);
    insert(late);
    BankDirectory directory =
        BankDirectory.of(
            AUTHORITY.root(),
            new WatchedStore(_ -> {}, time.millis() + 600_000, late.toInsert(0).id()));
    directory.refresh();
    assertThat(directory.bank(HOSTILE.id())).isEmpty();
    time.advance(300_000);
    insert(A.licence(2, ACTIVE));
    directory.refresh();
    time.advance(300_000);
    directory.refresh();
    // Visible by now, and farther back than refreshes look.
    assertThat(directory.bank(HOSTILE.id())).isEmpty();
    directory.sweep();

    assertThat(directory.bank(HOSTILE.id())).isPresent();
  }

  private Store watched(Consumer<String> beforeRead) {
    return new WatchedStore(beforeRead, 0, "");
  }

  /** Tells of every read, counts bodies, and hides one row for a time. */
  private final class WatchedStore implements Store {
    private final Consumer<String> beforeRead;
    private final long hiddenUntilMillis;
    private final String hidden;

    WatchedStore(Consumer<String> beforeRead, long hiddenUntilMillis, String hidden) {
      this.beforeRead = beforeRead;
      this.hiddenUntilMillis = hiddenUntilMillis;
      this.hidden = hidden;
    }

    private boolean visible(String id) {
      return !id.equals(hidden) || time.millis() >= hiddenUntilMillis;
    }

    @Override
    public AppendTable append(TableName name) {
      return new AppendTable() {
        @Override
        public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<Row> readAfter(String stream, Position after, int maxRows)
            throws StoreUnavailable {
          beforeRead.accept(stream);
          return counted(table.readAfter(stream, after, maxRows));
        }

        private List<Row> counted(List<Row> rows) {
          bodiesRead += rows.size();
          return rows.stream().filter(row -> visible(row.id())).toList();
        }

        @Override
        public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
            throws StoreUnavailable {
          return table.referencesAfter(stream, after, maxRows).stream()
              .filter(reference -> visible(reference.id()))
              .toList();
        }

        @Override
        public List<Row> readById(String prefix, String fromId, int maxRows) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Row> find(String id) {
          throw new UnsupportedOperationException();
        }

        @Override
        public List<Row> findAll(List<String> ids) throws StoreUnavailable {
          return counted(table.findAll(ids));
        }

        @Override
        public Feed follow(String stream, Runnable wake, Runnable ended) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
          throw new UnsupportedOperationException();
        }
      };
    }

    @Override
    public MutableTable mutable(TableName name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nowMillis() throws StoreUnavailable {
      return real.nowMillis();
    }

    @Override
    public long overlapMillis() {
      return real.overlapMillis();
    }

    @Override
    public long acknowledgementLimitMillis() {
      return real.acknowledgementLimitMillis();
    }

    @Override
    public void close() {}
  }
}
