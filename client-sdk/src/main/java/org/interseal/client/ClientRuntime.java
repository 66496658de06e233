package org.interseal.client;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What all devices of a process share: connections, threads, clock and randomness. Thread-safe.
 *
 * <p>At most {@code maxInFlight} requests are open at a time; further ones wait in order.
 */
public final class ClientRuntime implements AutoCloseable {
  /** Longest wait for a connection. */
  static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final HttpClient http;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ScheduledExecutorService timer;
  private final ExecutorService executor;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free;

  private ClientRuntime(
      HttpClient http,
      InstantSource clock,
      SecureRandom random,
      ScheduledExecutorService timer,
      ExecutorService executor,
      int maxInFlight) {
    this.http = http;
    this.clock = clock;
    this.random = random;
    this.timer = timer;
    this.executor = executor;
    this.free = maxInFlight;
  }

  /**
   * Starts a runtime with threads of its own.
   *
   * @param maxInFlight most requests open at a time, which bounds the connections
   */
  public static ClientRuntime start(InstantSource clock, SecureRandom random, int maxInFlight) {
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(executor)
            .build();
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("client-timer").factory());
    return new ClientRuntime(http, clock, random, timer, executor, maxInFlight);
  }

  HttpClient http() {
    return http;
  }

  /** What this runtime goes by. */
  public InstantSource clock() {
    return clock;
  }

  SecureRandom random() {
    return random;
  }

  ExecutorService executor() {
    return executor;
  }

  /** Completes after the delay, on the executor. */
  CompletableFuture<Void> after(Duration delay) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    var _ =
        timer.schedule(
            () -> executor.execute(() -> done.complete(null)),
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
    return done;
  }

  /** Starts the request when there is room. */
  <T> CompletableFuture<T> limited(Supplier<CompletableFuture<T>> request) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable start =
        () -> {
          var _ =
              started(request)
                  .whenComplete((value, failure) -> {
                    release();
                    if (failure == null) {
                      result.complete(value);
                    } else {
                      result.completeExceptionally(failure);
                    }
                  });
        };
    if (admit(start)) {
      start.run();
    }
    return result;
  }

  private static <T> CompletableFuture<T> started(Supplier<CompletableFuture<T>> request) {
    try {
      return request.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized boolean admit(Runnable start) {
    if (free > 0) {
      free--;
      return true;
    }
    waiting.add(start);
    return false;
  }

  private void release() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        free++;
      }
    }
    if (next != null) {
      executor.execute(next);
    }
  }

  /** The failure itself, out of the wrapping that futures put around it. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    http.shutdownNow();
    executor.shutdown();
  }
}
