package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a device hears when nobody knows whether its envelope was stored. */
@Timeout(60)
class StoreTroubleIT {
  /** What becomes of inserts. */
  enum Mood {
    WELL,
    /** Nothing is known, and nothing happened. */
    UNKNOWN_LOST,
    /** Nothing is known, but it happened. */
    UNKNOWN_STORED
  }

  @TempDir Path directory;
  private final AtomicReference<Mood> mood = new AtomicReference<>(Mood.WELL);

  @Test
  void onlyAKnownOutcomeIsAnAcceptance() throws Exception {
    try (Federation federation = new Federation(directory);
        Gateway gateway =
            federation.gateway(
                store -> new MoodyStore(store, mood), "interseal.gateway.insert-timeout=300ms")) {
      TestDevice device = federation.linkedDevice();
      gateway.context().getBean(DeviceDirectory.class).refresh();
      String envelope = federation.seal(federation.bank);

      mood.set(Mood.UNKNOWN_LOST);
      Gateway.Answer unknown = gateway.submit(device, envelope);
      assertThat(unknown.status()).isEqualTo(503);
      assertThat(unknown.problem()).isEqualTo("outcome-unknown");
      assertThat(unknown.headers()).containsKey("retry-after");
      assertThat(gateway.metric("interseal.gateway.submissions", "outcome", "unknown"))
          .isEqualTo(1);

      mood.set(Mood.UNKNOWN_STORED);
      assertThat(gateway.submit(device, envelope).problem()).isEqualTo("outcome-unknown");

      mood.set(Mood.WELL);
      assertThat(gateway.submit(device, envelope).status()).isEqualTo(202);
      assertThat(federation.transactions(federation.bank)).hasSize(1);
    }
  }

  private record MoodyStore(Store store, AtomicReference<Mood> mood) implements Store {
    @Override
    public AppendTable append(TableName name) {
      AppendTable table = store.append(name);
      return name == TableName.TRANSACTIONS ? new MoodyTable(table, mood) : table;
    }

    @Override
    public MutableTable mutable(TableName name) {
      return store.mutable(name);
    }

    @Override
    public long nowMillis() throws StoreUnavailable {
      return store.nowMillis();
    }

    @Override
    public long overlapMillis() {
      return store.overlapMillis();
    }

    @Override
    public long acknowledgementLimitMillis() {
      return store.acknowledgementLimitMillis();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private record MoodyTable(AppendTable table, AtomicReference<Mood> mood) implements AppendTable {
    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
      return switch (mood.get()) {
        case WELL -> table.insert(rows);
        case UNKNOWN_LOST -> CompletableFuture.completedFuture(unknown(rows));
        case UNKNOWN_STORED -> table.insert(rows).thenApply(_ -> unknown(rows));
      };
    }

    private static List<InsertOutcome> unknown(List<NewRow> rows) {
      return rows.stream().<InsertOutcome>map(_ -> new InsertOutcome.Unknown("no answer")).toList();
    }

    @Override
    public List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable {
      return table.readAfter(stream, after, maxRows);
    }

    @Override
    public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
        throws StoreUnavailable {
      return table.referencesAfter(stream, after, maxRows);
    }

    @Override
    public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
      return table.readById(prefix, fromId, maxRows);
    }

    @Override
    public Optional<Row> find(String id) throws StoreUnavailable {
      return table.find(id);
    }

    @Override
    public List<Row> findAll(List<String> ids) throws StoreUnavailable {
      return table.findAll(ids);
    }

    @Override
    public Feed follow(String stream, Runnable wake, Runnable ended) {
      return table.follow(stream, wake, ended);
    }

    @Override
    public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
      return table.followAll(wakeStream, ended);
    }
  }
}
