package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.interseal.store.AppendTable;
import org.interseal.store.DelegatingStore;
import org.interseal.store.DelegatingTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Store;
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

  private static final class MoodyStore extends DelegatingStore {
    private final AtomicReference<Mood> mood;

    MoodyStore(Store store, AtomicReference<Mood> mood) {
      super(store);
      this.mood = mood;
    }

    @Override
    public AppendTable append(TableName name) {
      AppendTable table = super.append(name);
      return name == TableName.TRANSACTIONS ? new MoodyTable(table, mood) : table;
    }
  }

  private static final class MoodyTable extends DelegatingTable {
    private final AtomicReference<Mood> mood;

    MoodyTable(AppendTable table, AtomicReference<Mood> mood) {
      super(table);
      this.mood = mood;
    }

    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
      return switch (mood.get()) {
        case WELL -> super.insert(rows);
        case UNKNOWN_LOST -> CompletableFuture.completedFuture(unknown(rows));
        case UNKNOWN_STORED -> super.insert(rows).thenApply(_ -> unknown(rows));
      };
    }

    private static List<InsertOutcome> unknown(List<NewRow> rows) {
      return rows.stream().<InsertOutcome>map(_ -> new InsertOutcome.Unknown("no answer")).toList();
    }
  }
}
