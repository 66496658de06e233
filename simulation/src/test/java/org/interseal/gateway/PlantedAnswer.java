package org.interseal.gateway;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.interseal.store.DurableInsert;

/** Does not wait for what became of an insert, and asks nobody who is still certified. */
final class PlantedAnswer {
  private PlantedAnswer() {}

  static <T> CompletableFuture<T> thenApply(
      CompletableFuture<List<DurableInsert.Result>> unknown,
      Function<List<DurableInsert.Result>, T> first) {
    return CompletableFuture.completedFuture(
        first.apply(List.of(new DurableInsert.Result.Durable(0, 0, true))));
  }

  static boolean isEmpty(List<?> saidByCertifiedServers) {
    return true;
  }
}
