package org.interseal.branch;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchNotice;

/** Whether the branch took a request. */
public sealed interface DeskSubmission {
  /**
   * Taken, or taken before under the same idempotency key.
   *
   * @param requestId names the request from now on
   * @param durable completes when the request is on the branch's disk: from then on it is answered
   *     or expires, whatever crashes; exceptionally with {@link DeskUnavailable} when it was not
   *     taken after all
   * @param answer completes with the bank's answer, or when the letter has expired
   * @param activationCode the code that the request issues; of no use before the bank's answer
   */
  record Taken(
      String requestId,
      CompletableFuture<Void> durable,
      CompletableFuture<DeskAnswer<BranchNotice>> answer,
      Optional<ActivationCode> activationCode)
      implements DeskSubmission {}

  /** The same teller used this idempotency key for another request. */
  record KeyReused() implements DeskSubmission {}

  /** More requests are under way than the branch keeps; ask again later. */
  record Busy() implements DeskSubmission {}
}
