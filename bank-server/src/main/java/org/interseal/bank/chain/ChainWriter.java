package org.interseal.bank.chain;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.interseal.crypto.Bytes;
import org.interseal.store.AppendTable;
import org.interseal.store.Scheduler;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Appends to one chain in the name of one node, one block at a time.
 *
 * <p>Guarantees: {@link AppendResult.Appended} means that the block stands, for every reader and
 * for ever, and that this server's disk remembers it. After an unknown outcome the very same bytes
 * are tried again at the same id, until the store knows them or another row there is confirmed by a
 * majority read. A body that this server itself would call void is never inserted.
 *
 * <p>A writer first takes the chain over by a fence block and then writes under that fence alone,
 * so whoever takes over after it wins without asking it. Restarting makes a new writer, which has
 * to take over again.
 */
public final class ChainWriter {
  /** No chain has this fence. */
  private static final long NONE = -1;

  private final ChainIdentity chain;
  private final Appending.Tools tools;
  private final AtomicBoolean busy = new AtomicBoolean();

  // Read and written by one append at a time; volatile, because appends run on different threads.
  private volatile long ownFence = NONE;
  private volatile @Nullable SealedBlock unsettled;

  /**
   * @param reader follows the same chain with the same validator
   * @param scheduler runs sealing, reading back and delays, on threads that may block. Limits of
   *     answers that came long ago may still wait in it: shut it down without waiting for delayed
   *     tasks
   */
  public ChainWriter(
      ChainIdentity chain,
      AppendTable blocks,
      ChainReader reader,
      ChainValidator validator,
      BlockSealer sealer,
      ChainMemory memory,
      RetryTerms retries,
      Scheduler scheduler) {
    this.chain = chain;
    this.tools = new Appending.Tools(blocks, reader, validator, sealer, memory, retries, scheduler);
  }

  /**
   * Appends a body. Call it again only after the future is complete.
   *
   * <p>The future completes on a thread of the scheduler, and exceptionally for bugs and for a
   * failing local disk only: then act on nothing and stop.
   *
   * @param body 1 byte to 1 MiB, to which the tip's {@link ChainContent} has no objection
   */
  public CompletableFuture<AppendResult> append(ChainTip tip, Bytes body) {
    if (body.size() == 0 || body.size() > BlockDocument.MAX_BODY_BYTES) {
      throw new IllegalArgumentException("body of " + body.size() + " bytes");
    }
    return start(tip, tip.fence(), body);
  }

  /**
   * Takes the chain over: appends an empty block that raises the fence. From {@link
   * AppendResult.Appended} on, blocks of earlier writers are void and {@link #append} may be used.
   *
   * @param newFence {@code tip.fence() + 1}
   */
  public CompletableFuture<AppendResult> appendFence(ChainTip tip, long newFence) {
    if (newFence != tip.fence() + 1) {
      throw new IllegalArgumentException("fence " + newFence + " after " + tip.fence());
    }
    return start(tip, newFence, Bytes.of(new byte[0]));
  }

  /**
   * Takes the chain over and evicts servers in one block: between a fence and an eviction that
   * follows it, an evicted server could take the chain over once more.
   *
   * @param newFence {@code tip.fence() + 1}
   * @param evictions a body that {@link ChainContent.Next.Fits#evicts}
   */
  public CompletableFuture<AppendResult> appendEvictions(
      ChainTip tip, long newFence, Bytes evictions) {
    if (newFence != tip.fence() + 1) {
      throw new IllegalArgumentException("fence " + newFence + " after " + tip.fence());
    }
    return start(tip, newFence, evictions);
  }

  private CompletableFuture<AppendResult> start(ChainTip tip, long fence, Bytes body) {
    if (tip.partition() != chain.partition()) {
      throw new IllegalArgumentException("a tip of another chain");
    }
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException("one block at a time");
    }
    return CompletableFuture.supplyAsync(() -> hindrance(tip, fence), tools.executor(0))
        .thenCompose(hindrance ->
            hindrance.isPresent()
                ? CompletableFuture.completedFuture(hindrance.get())
                : insert(tip, fence, body))
        .whenComplete((result, failure) -> busy.set(false));
  }

  /** Why nothing may be written after this tip. */
  private Optional<AppendResult> hindrance(ChainTip tip, long fence) {
    try {
      tools.reader().checkAgainstMemory(tip);
      Optional<AppendResult> stop =
          tools
              .memory()
              .remembered()
              .filter(seen -> seen.height() > tip.height())
              .map(seen -> new AppendResult.BehindMemory(seen, tip));
      if (stop.isEmpty() && fence == tip.fence() && fence != ownFence) {
        stop = Optional.of(new AppendResult.TakenOver(tip.fence()));
      }
      if (stop.isEmpty()) {
        return stop;
      }
      // The caller may only be late: then there is a next block, and that is the better answer.
      return switch (tools.reader().standing(tip)) {
        case ChainReader.Standing.Stands(ChainedBlock other) ->
            Optional.of(new AppendResult.Superseded(other));
        case ChainReader.Standing.Vacant ignored -> stop;
      };
    } catch (StoreUnavailable e) {
      return Optional.of(
          new AppendResult.StoreDown(String.valueOf(e.getMessage()), unsettled != null));
    } catch (ChainRefused e) {
      return Optional.of(new AppendResult.Refused(e.reason(), String.valueOf(e.getMessage())));
    }
  }

  private CompletableFuture<AppendResult> insert(ChainTip tip, long fence, Bytes body) {
    SealedBlock earlier = unsettled;
    boolean same = earlier != null && earlier.isFor(tip, fence, body);
    Appending appending = new Appending(tools, tip, fence, body, same ? earlier : null);
    return appending
        .run()
        .thenApply(result -> {
          settle(result, fence, appending);
          return result;
        });
  }

  private void settle(AppendResult result, long fence, Appending appending) {
    boolean unknown = result instanceof AppendResult.StoreDown down && down.outcomeUnknown();
    unsettled = unknown ? appending.lastTried() : null;
    if (result instanceof AppendResult.Appended) {
      ownFence = fence;
    }
  }
}
