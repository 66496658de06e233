package org.interseal.bank.processing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.interseal.bank.chain.AppendResult;

/** Waits for appends. */
final class AppendOutcomes {
  private AppendOutcomes() {}

  /** Any exception means that nothing may be done any more: a bug, or a local disk that fails. */
  static AppendResult await(CompletableFuture<AppendResult> result) throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("appending failed", e.getCause());
    }
  }
}
