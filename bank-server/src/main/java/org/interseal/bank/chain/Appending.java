package org.interseal.bank.chain;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.interseal.crypto.Bytes;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.Scheduler;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;

/** One append on its way: a chain of steps on the executor, never two at once. */
final class Appending {
  /** What every append of a writer uses. */
  record Tools(
      AppendTable blocks,
      ChainReader reader,
      ChainValidator validator,
      BlockSealer sealer,
      ChainMemory memory,
      RetryTerms retries,
      Scheduler scheduler) {
    Executor executor(long delayMillis) {
      return task -> scheduler.after(delayMillis, task);
    }
  }

  private final Tools tools;
  private final ChainTip tip;
  private final long fence;
  private final Bytes body;
  private @Nullable SealedBlock sealed;
  private @Nullable ChainedBlock judged;
  private boolean outcomeUnknown;
  private int tries;

  /**
   * @param earlier the same block with an unknown outcome: its bytes are tried again
   */
  Appending(Tools tools, ChainTip tip, long fence, Bytes body, @Nullable SealedBlock earlier) {
    this.tools = tools;
    this.tip = tip;
    this.fence = fence;
    this.body = body;
    this.sealed = earlier;
    this.outcomeUnknown = earlier != null;
  }

  @Nullable SealedBlock lastTried() {
    return sealed;
  }

  CompletableFuture<AppendResult> run() {
    return step(() -> tryInsert(sealed == null ? 0 : sealed.attempt()));
  }

  private interface Step {
    CompletableFuture<AppendResult> take() throws StoreUnavailable, ChainRefused;
  }

  private CompletableFuture<AppendResult> step(Step step) {
    try {
      return step.take();
    } catch (StoreUnavailable e) {
      return again(String.valueOf(e.getMessage()), step);
    } catch (ChainRefused e) {
      return done(new AppendResult.Refused(e.reason(), String.valueOf(e.getMessage())));
    }
  }

  private static CompletableFuture<AppendResult> done(AppendResult result) {
    return CompletableFuture.completedFuture(result);
  }

  private CompletableFuture<AppendResult> again(String why, Step step) {
    tries++;
    if (tries >= tools.retries().maxTries()) {
      return done(new AppendResult.StoreDown(why, outcomeUnknown));
    }
    Executor later = tools.executor(tools.retries().delayMillis(tries));
    return CompletableFuture.runAsync(() -> {}, later).thenCompose(waited -> step(step));
  }

  private CompletableFuture<AppendResult> tryInsert(int attempt)
      throws StoreUnavailable, ChainRefused {
    SealedBlock block = sealed;
    ChainedBlock own = judged;
    if (block == null || own == null || block.attempt() != attempt) {
      block = block != null && block.attempt() == attempt ? block : seal(attempt);
      own = judgeOwn(block);
      sealed = block;
      judged = own;
    }
    SealedBlock tried = block;
    ChainedBlock ours = own;
    return insertOnce(tried)
        .thenComposeAsync(outcome -> step(() -> react(outcome, tried, ours)), tools.executor(0));
  }

  private SealedBlock seal(int attempt) throws StoreUnavailable, ChainRefused {
    return new SealedBlock(
        tip, fence, attempt, body, tools.sealer().seal(tip, attempt, fence, body).text());
  }

  /**
   * What other servers would call void must not be inserted, or we alone would believe that it
   * stands.
   */
  private ChainedBlock judgeOwn(SealedBlock block) throws StoreUnavailable, ChainRefused {
    return switch (tools.validator().judge(block.asStored(), tip, block.attempt())) {
      case Judgement.Valid(ChainedBlock own) -> own;
      case Judgement.NoBlock(VoidReason reason, String detail) -> {
        if (reason == VoidReason.NODE_NOT_CERTIFIED || reason == VoidReason.NODE_EVICTED) {
          throw new ChainRefused(
              ChainRefused.Reason.NOT_CERTIFIED,
              "node "
                  + detail
                  + (reason == VoidReason.NODE_EVICTED
                      ? " was evicted: it needs a new key to come back"
                      : " is not certified to write this chain"));
        }
        throw new IllegalStateException("own block is void: " + reason + " " + detail);
      }
    };
  }

  private CompletableFuture<InsertOutcome> insertOnce(SealedBlock block) {
    CompletableFuture<InsertOutcome> answer = new CompletableFuture<>();
    tools
        .scheduler()
        .after(
            tools.retries().answerLimit().toMillis(),
            () -> answer.complete(new InsertOutcome.Unknown("no answer in time")));
    var _ =
        tools
            .blocks()
            .insert(List.of(block.row()))
            // A failure is against the port's promise; the safe reading is that nobody knows.
            .exceptionally(failure -> List.of(new InsertOutcome.Unknown(String.valueOf(failure))))
            .thenAccept(outcomes -> answer.complete(outcomes.getFirst()));
    return answer;
  }

  private CompletableFuture<AppendResult> react(
      InsertOutcome outcome, SealedBlock tried, ChainedBlock ours)
      throws StoreUnavailable, ChainRefused {
    return switch (outcome) {
      case InsertOutcome.Inserted ignored -> appended(ours);
      // Nobody else can have made these bytes.
      case InsertOutcome.AlreadyThere ignored -> appended(ours);
      case InsertOutcome.Occupied ignored -> readBack(tried, ours);
      case InsertOutcome.Unknown(String detail) -> {
        outcomeUnknown = true;
        yield again(detail, () -> tryInsert(tried.attempt()));
      }
      case InsertOutcome.Failed(String detail) -> again(detail, () -> tryInsert(tried.attempt()));
    };
  }

  /**
   * A conflict may show a row that is rolled back yet: only a majority read disproves our bytes.
   */
  private CompletableFuture<AppendResult> readBack(SealedBlock tried, ChainedBlock ours)
      throws StoreUnavailable, ChainRefused {
    return switch (tools.reader().standing(tip)) {
      case ChainReader.Standing.Stands(ChainedBlock block) ->
          block.hash().equals(ours.hash()) ? appended(block) : superseded(block);
      case ChainReader.Standing.Vacant(int attempt) ->
          attempt == tried.attempt()
              ? again("a conflict that is not there", () -> tryInsert(attempt))
              : tryInsert(attempt);
    };
  }

  private CompletableFuture<AppendResult> appended(ChainedBlock block) {
    tools.memory().saw(new ChainMemory.Head(block.place().height(), block.hash()));
    return done(new AppendResult.Appended(block));
  }

  private CompletableFuture<AppendResult> superseded(ChainedBlock other) {
    tools.memory().saw(new ChainMemory.Head(other.place().height(), other.hash()));
    return done(new AppendResult.Superseded(other));
  }
}
