package org.interseal.simulation;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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

/**
 * A store as one process sees it through its link: calls take time, and when the link is cut, or
 * the process dies, those under way may or may not have happened.
 */
final class ProcessStore implements Store {
  private static final long TIMEOUT_MILLIS = 2_000;
  private static final InsertOutcome UNKNOWN = new InsertOutcome.Unknown("cut off");

  private final SimulatedProcess process;
  private final Link link;
  private final Store store;
  private BooleanSupplier registryHidden = () -> false;

  ProcessStore(SimulatedProcess process, Link link, Store store) {
    this.process = process;
    this.link = link;
    this.store = store;
  }

  /** While that is so, this process reads nothing more of the registry. */
  ProcessStore hidingRegistry(BooleanSupplier hidden) {
    registryHidden = hidden;
    return this;
  }

  @FunctionalInterface
  private interface Call<T> {
    T make() throws StoreUnavailable;
  }

  /** Makes a call and waits for its answer. */
  private <T> T call(Call<T> call) throws StoreUnavailable {
    travel();
    T answer = call.make();
    travel();
    return answer;
  }

  private void travel() throws StoreUnavailable {
    if (!Thread.currentThread().isVirtual()) {
      return;
    }
    if (!link.isCut()) {
      process.sleep(TimeUnit.NANOSECONDS.toMillis(link.delayNanos()));
    }
    if (link.isCut()) {
      process.sleep(TIMEOUT_MILLIS);
      throw new StoreUnavailable("cut off");
    }
  }

  @Override
  public AppendTable append(TableName name) {
    return new Table(store.append(name), name == TableName.BANK_KEYS);
  }

  @Override
  public MutableTable mutable(TableName name) {
    return new Changing(store.mutable(name));
  }

  @Override
  public long nowMillis() throws StoreUnavailable {
    return call(store::nowMillis);
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

  private final class Table implements AppendTable {
    private final AppendTable table;
    private final boolean registry;

    Table(AppendTable table, boolean registry) {
      this.table = table;
      this.registry = registry;
    }

    private boolean isHidden() {
      return registry && registryHidden.getAsBoolean();
    }

    @Override
    public CompletableFuture<List<InsertOutcome>> insert(List<NewRow> rows) {
      CompletableFuture<List<InsertOutcome>> answer = new CompletableFuture<>();
      List<InsertOutcome> unknown = Collections.nCopies(rows.size(), UNKNOWN);
      if (link.isCut()) {
        later(TIMEOUT_MILLIS, answer, unknown);
        return answer;
      }
      List<NewRow> sent = List.copyOf(rows);
      // On the network: it arrives although the sender may be dead by then, or it is lost with it.
      var _ =
          process
              .conductor()
              .after(
                  null,
                  link.delayNanos(),
                  () -> {
                    if (link.isCut() || (!process.isAlive() && link.happens(0.5))) {
                      later(TIMEOUT_MILLIS, answer, unknown);
                      return;
                    }
                    var _ =
                        table
                            .insert(sent)
                            .whenComplete((outcomes, failure) -> {
                              if (link.isCut()) {
                                later(TIMEOUT_MILLIS, answer, unknown);
                              } else {
                                later(
                                    TimeUnit.NANOSECONDS.toMillis(link.delayNanos()),
                                    answer,
                                    failure == null ? outcomes : unknown);
                              }
                            });
                  });
      return answer;
    }

    private void later(
        long millis, CompletableFuture<List<InsertOutcome>> answer, List<InsertOutcome> outcomes) {
      var _ =
          process
              .conductor()
              .after(
                  process,
                  TimeUnit.MILLISECONDS.toNanos(millis),
                  () -> process.spawn(() -> answer.complete(outcomes)));
    }

    @Override
    public List<Row> readAfter(String stream, Position after, int maxRows) throws StoreUnavailable {
      return isHidden() ? List.of() : call(() -> table.readAfter(stream, after, maxRows));
    }

    @Override
    public List<RowRef> referencesAfter(String stream, Position after, int maxRows)
        throws StoreUnavailable {
      return isHidden() ? List.of() : call(() -> table.referencesAfter(stream, after, maxRows));
    }

    @Override
    public List<Row> readById(String prefix, String fromId, int maxRows) throws StoreUnavailable {
      return isHidden() ? List.of() : call(() -> table.readById(prefix, fromId, maxRows));
    }

    @Override
    public Optional<Row> find(String id) throws StoreUnavailable {
      return call(() -> table.find(id));
    }

    @Override
    public List<Row> findAll(List<String> ids) throws StoreUnavailable {
      return call(() -> table.findAll(ids));
    }

    @Override
    public Feed follow(String stream, Runnable wake, Runnable ended) {
      return table.follow(stream, () -> tell(wake), () -> process.spawn(ended));
    }

    @Override
    public Feed followAll(Consumer<String> wakeStream, Runnable ended) {
      return table.followAll(
          stream -> tell(() -> wakeStream.accept(stream)), () -> process.spawn(ended));
    }

    private void tell(Runnable wake) {
      if (!link.isCut()) {
        process.spawn(wake);
      }
    }
  }

  private final class Changing implements MutableTable {
    private final MutableTable table;

    Changing(MutableTable table) {
      this.table = table;
    }

    @Override
    public Optional<Versioned> find(String id) throws StoreUnavailable {
      return call(() -> table.find(id));
    }

    @Override
    public List<Versioned> all(String prefix) throws StoreUnavailable {
      return call(() -> table.all(prefix));
    }

    @Override
    public void put(String id, String body) throws StoreUnavailable {
      Boolean _ =
          call(() -> {
            table.put(id, body);
            return true;
          });
    }

    @Override
    public boolean compareAndSet(String id, long expectedVersion, String body)
        throws StoreUnavailable {
      return call(() -> table.compareAndSet(id, expectedVersion, body));
    }
  }
}
