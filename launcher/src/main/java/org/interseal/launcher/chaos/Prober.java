package org.interseal.launcher.chaos;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.interseal.launcher.load.Customer;

/** Finds out when a partition posts again, by a payment inside it every now and then. */
final class Prober {
  private static final long EVERY_MILLIS = 50;
  private static final int MAX_PROBES = 400;
  private static final long LIMIT_MILLIS = 60_000;

  private final ChaosLoad load;
  private final Customer payer;
  private final Customer payee;

  Prober(ChaosLoad load, Customer payer, Customer payee) {
    this.load = load;
    this.payer = payer;
    this.payee = payee;
  }

  /**
   * Milliseconds from {@code sinceNanos} until the first of the payments that are instructed from
   * now on is posted; empty when none is within a minute.
   */
  Optional<Long> millisToPosting(long sinceNanos) throws InterruptedException {
    CompletableFuture<Long> posted = new CompletableFuture<>();
    for (int i = 0; i < MAX_PROBES && !posted.isDone(); i++) {
      var _ =
          load.pay(payer, payee)
              .firstAnswer()
              .thenAccept(first -> {
                if (ChaosLoad.posted(first)) {
                  posted.complete(System.nanoTime());
                }
              });
      var _ = await(posted, EVERY_MILLIS);
    }
    return await(posted, LIMIT_MILLIS).map(nanos -> (nanos - sinceNanos) / 1_000_000);
  }

  private static Optional<Long> await(CompletableFuture<Long> posted, long millis)
      throws InterruptedException {
    try {
      return Optional.of(posted.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
