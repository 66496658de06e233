package org.interseal.simulation;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.interseal.gateway.GatewayCore;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/** A gateway's process: production code below HTTP, called over a network that loses calls. */
final class SimulatedGateway {
  private static final long REFRESH_MILLIS = 500;
  private static final int SWEEP_EVERY = 8;
  private static final int TIMERS = 2;

  private final SimulatedProcess process;
  private final Link link;
  private final BankDirectory directory;
  private final Bank bank;
  private final AppendTable standing;
  private final GatewayCore core;
  private @Nullable Runnable onLetter;

  /**
   * @param observer of the shared store
   */
  SimulatedGateway(
      SimulatedProcess process,
      Link link,
      Bank bank,
      Store observer,
      Store shared,
      Store own,
      BankDirectory directory,
      RandomGenerator random) {
    this.process = process;
    this.link = link;
    this.directory = directory;
    this.bank = bank;
    this.standing = observer.append(TableName.TRANSACTIONS);
    SimulatedExecutor timer = new SimulatedExecutor(process, TIMERS);
    this.core =
        new GatewayCore(
            bank.id(), directory, shared, own, process, timer, process::nanoTime, random);
  }

  SimulatedProcess process() {
    return process;
  }

  BankDirectory directory() {
    return directory;
  }

  /** Whether it lives and takes nothing from that device, or does not know yet that it may. */
  boolean refuses(String deviceId) {
    return process.isAlive() && !core.linked(deviceId);
  }

  void start() {
    process.spawn(this::follow);
  }

  private void follow() {
    for (int round = 1; ; round++) {
      try {
        core.refresh();
        if (round % SWEEP_EVERY == 0) {
          core.sweep();
        }
      } catch (StoreUnavailable e) {
        // The next round looks again.
      }
      process.sleep(REFRESH_MILLIS);
    }
  }

  /** Does this once, when the next letter is taken in. */
  void onLetter(Runnable action) {
    onLetter = action;
  }

  private void letterCame() {
    Runnable action = onLetter;
    onLetter = null;
    if (action != null) {
      action.run();
    }
  }

  /** Whether the letter is durable, as the gateway says; false is "nobody knows". */
  CompletableFuture<Boolean> submit(SimulatedProcess caller, String deviceId, String envelope) {
    return call(
        caller,
        () -> {
          letterCame();
          return core.submit(deviceId, envelope)
              .thenApply(durable -> isAccepted(envelope, durable));
        },
        Boolean.FALSE);
  }

  private boolean isAccepted(String envelope, Optional<DurableInsert.Result.Durable> durable) {
    durable.ifPresent(row -> {
      if (!stands(SubmissionId.rowId(bank.id(), envelope, row.attempt()), envelope)) {
        process.spawn(() -> {
          throw new InvariantBroken(
              "nothing lost: " + process.name() + " accepts what is not there");
        });
      }
    });
    return durable.isPresent();
  }

  private boolean stands(String id, String envelope) {
    try {
      return standing.find(id).filter(row -> row.body().equals(envelope)).isPresent();
    } catch (StoreUnavailable e) {
      throw new IllegalStateException("an observer's reads do not fail", e);
    }
  }

  CompletableFuture<Optional<RestApi.MailboxPage>> mailbox(
      SimulatedProcess caller, String deviceId, String cursor, int limit) {
    return call(
        caller,
        () -> {
          try {
            return CompletableFuture.completedFuture(
                Optional.of(core.mailbox(deviceId, cursor, limit)));
          } catch (StoreUnavailable e) {
            return CompletableFuture.completedFuture(Optional.empty());
          }
        },
        Optional.empty());
  }

  /** A request and its answer; {@code lost} when either does not arrive in time. */
  private <T> CompletableFuture<T> call(
      SimulatedProcess caller, Supplier<CompletableFuture<T>> handler, T lost) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Conductor conductor = caller.conductor();
    Conductor.Timer timeout =
        conductor.after(
            caller, TimeUnit.SECONDS.toNanos(8), () -> caller.spawn(() -> answer.complete(lost)));
    Runnable request =
        () ->
            process.spawn(() -> {
              var _ =
                  handler
                      .get()
                      .whenComplete((result, failure) -> {
                        if (failure == null && !link.isCut()) {
                          var _ =
                              conductor.after(
                                  caller,
                                  link.delayNanos(),
                                  () -> {
                                    timeout.cancel();
                                    caller.spawn(() -> answer.complete(result));
                                  });
                        }
                      });
            });
    if (!link.isCut()) {
      var _ = conductor.after(null, link.delayNanos(), request);
    }
    return answer;
  }
}
