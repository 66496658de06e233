package org.interseal.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.interseal.protocol.http.RequestSigner;
import org.interseal.protocol.http.RestApi;

/**
 * Brings sealed letters to the bank: the same bytes, gateway after gateway, until one has them for
 * good.
 */
final class Courier {
  private static final String ACTIVATION = "device.activate.v1";

  /** A gateway says so too when it has not read yet what the bank has just published. */
  private static final Set<String> MAY_BE_BEHIND = Set.of("device-not-linked", "wrong-bank");

  /** How often that is asked again; gateways that were out of reach before do not count. */
  private static final int PATIENCE = 6;

  private final BankClient bank;
  private final RequestSigner signer;

  Courier(BankClient bank, DeviceKeyRing keys) {
    this.bank = bank;
    this.signer = bank.api().signer(keys);
  }

  /** How a letter fared. */
  sealed interface Delivery {
    /** The bank has it; {@code answer} came along when it was ready in time. */
    record Accepted(Optional<RestApi.Item> answer) implements Delivery {}

    /** The gateways will not take it. */
    record Refused(int status, String code) implements Delivery {}

    /** Time ran out; it may have arrived nevertheless. */
    record Unknown(String why) implements Delivery {}
  }

  /**
   * @param wait how long a gateway may hold the call for the answer
   * @param until when to give up
   */
  CompletableFuture<Delivery> deliver(PendingLetter letter, Duration wait, Instant until) {
    Instant expiry = Instant.ofEpochMilli(letter.expiresAtMillis());
    return attempt(letter, wait, until.isBefore(expiry) ? until : expiry, 0, 0);
  }

  /**
   * @param failures attempts that failed, for whatever reason
   * @param denials those of them at which a gateway may have been behind
   */
  private CompletableFuture<Delivery> attempt(
      PendingLetter letter, Duration wait, Instant until, int failures, int denials) {
    URI gateway = bank.gateway(failures);
    Duration left = Duration.between(bank.runtime().clock().instant(), until);
    if (left.isNegative() || left.isZero()) {
      return CompletableFuture.completedFuture(new Delivery.Unknown("out of time"));
    }
    return bank.api()
        .submit(
            gateway,
            path(letter),
            signer,
            letter.envelope(),
            wait.compareTo(left) < 0 ? wait : left)
        .thenCompose(attempt ->
            switch (attempt) {
              case Attempt.Succeeded<RestApi.Submission>(RestApi.Submission submission) -> {
                bank.answered(gateway);
                yield CompletableFuture.completedFuture(
                    new Delivery.Accepted(Optional.ofNullable(submission.item())));
              }
              case Attempt.Refused<RestApi.Submission>(int status, String code) ->
                  MAY_BE_BEHIND.contains(code) && denials < PATIENCE
                      ? again(
                          letter, wait, until, failures + 1, denials + 1, code, Optional.empty())
                      : CompletableFuture.completedFuture(new Delivery.Refused(status, code));
              case Attempt.TryAgain<RestApi.Submission>(String why, Optional<Duration> notBefore) ->
                  again(letter, wait, until, failures + 1, denials, why, notBefore);
            });
  }

  /** A gateway takes letters of devices that it does not know at one place alone. */
  private static String path(PendingLetter letter) {
    return letter.type().equals(ACTIVATION) ? RestApi.ACTIVATIONS : RestApi.MESSAGES;
  }

  private CompletableFuture<Delivery> again(
      PendingLetter letter,
      Duration wait,
      Instant until,
      int failures,
      int denials,
      String why,
      Optional<Duration> asked) {
    // Another gateway may be up at once; only a full round of failures is worth waiting for.
    boolean freshGateway = failures < bank.gateways().size() && asked.isEmpty();
    // A gateway that is up again and reads on is worth asking sooner than one that was away for
    // long.
    int steps = denials > 0 ? denials : failures;
    Duration delay =
        freshGateway ? Duration.ZERO : RetryPolicy.delay(steps, asked, bank.runtime().random());
    if (!bank.runtime().clock().instant().plus(delay).isBefore(until)) {
      return CompletableFuture.completedFuture(new Delivery.Unknown(why));
    }
    return bank.runtime()
        .after(delay)
        .thenCompose(_ -> attempt(letter, wait, until, failures, denials));
  }
}
