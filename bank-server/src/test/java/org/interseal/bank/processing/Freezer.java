package org.interseal.bank.processing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.interseal.store.AppendTable;
import org.interseal.store.Monitor;
import org.interseal.store.MutableTable;
import org.interseal.store.NewRow;
import org.interseal.store.RunningTime;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;

/**
 * Holds all calls that a process makes to its stores while it is frozen, as if the process had been
 * stopped just before each of them; they go on, with what they had to say then, when it thaws.
 */
final class Freezer {
  private static final long WAIT_MILLIS = 60_000;

  private final Monitor monitor = new Monitor(RunningTime.real());
  private final AtomicInteger refusedLeases = new AtomicInteger();
  private final Queue<NewRow> inserts = new ConcurrentLinkedQueue<>();
  private volatile boolean frozen;

  /** As if the store were out of reach for that many writes to a lease. */
  void refuseLeases(int writes) {
    refusedLeases.set(writes);
  }

  private boolean refuses(Method method) {
    return method.getName().equals("compareAndSet")
        && refusedLeases.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private void note(Method method, Object[] arguments) {
    if (method.getName().equals("insert")) {
      ((List<?>) arguments[0]).forEach(row -> inserts.add((NewRow) row));
    }
  }

  /** Ids of rows that the process has tried to insert into a stream. */
  List<String> insertedInto(String stream) {
    return inserts.stream().filter(row -> row.stream().equals(stream)).map(NewRow::id).toList();
  }

  void freeze() {
    monitor.change(() -> frozen = true);
  }

  void thaw() {
    monitor.change(() -> frozen = false);
  }

  Store wrap(Store store) {
    return wrap(Store.class, store);
  }

  private <T> T wrap(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (frozen && !method.getName().equals("close")) {
                var _ = monitor.awaitMillis(() -> !frozen, WAIT_MILLIS);
              }
              note(method, arguments);
              if (refuses(method)) {
                throw new StoreUnavailable("out of reach");
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return switch (result) {
                case AppendTable table -> wrap(AppendTable.class, table);
                case MutableTable table -> wrap(MutableTable.class, table);
                case CompletableFuture<?> answer -> onOwnThread(answer);
                case null, default -> result;
              };
            }));
  }

  /**
   * What a frozen process does with an answer must not hold the threads of a store that others use.
   */
  private static <T> CompletableFuture<T> onOwnThread(CompletableFuture<T> answer) {
    return answer.whenCompleteAsync((_, _) -> {}, task -> Thread.ofVirtual().start(task));
  }
}
