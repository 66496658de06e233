package org.interseal.branch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemCode;
import org.interseal.service.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Turns requests and answers of the {@link BranchDesk} into HTTP. */
final class TellerDesk {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final BranchDesk desk;
  private final Duration answerWait;

  TellerDesk(BranchDesk desk, Duration answerWait) {
    this.desk = desk;
    this.answerWait = answerWait;
  }

  /**
   * What a teller is told.
   *
   * @param status {@code pending} or {@code done}
   * @param result when done
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RequestView(String requestId, String status, @Nullable Object result) {}

  record AccountView(String account) {}

  record CashView(String account, Object amount, String reference, Object branchCash) {}

  /** The code is shown here and nowhere else. */
  record ActivationCodeView(String account, String activationCode, Instant expiresAt) {
    /** Without the code. */
    @Override
    public String toString() {
      return "ActivationCodeView[" + account + "]";
    }
  }

  record DeviceView(String deviceId, String deviceName, Instant linkedAt) {}

  record DevicesView(String account, List<DeviceView> devices) {}

  record UnlinkedView(String deviceId) {}

  /** Submits, and waits for the bank within the configured bound. */
  ResponseEntity<Object> handle(Supplier<DeskSubmission> submission) {
    DeskSubmission submitted;
    try {
      submitted = submission.get();
    } catch (IllegalArgumentException e) {
      // Our own messages about the fields; they quote no value.
      throw new ProblemException(BranchProblem.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    return switch (submitted) {
      case DeskSubmission.Taken taken -> respond(taken, answerWait);
      case DeskSubmission.KeyReused _ ->
          throw new ProblemException(
              BranchProblem.IDEMPOTENCY_KEY_REUSED, "Use a new key for a new request.");
      case DeskSubmission.Busy _ ->
          throw new ProblemException(
              BranchProblem.BRANCH_BUSY, "Try again with the same key.", RETRY_AFTER);
    };
  }

  /** The state of an earlier request of this teller. */
  ResponseEntity<Object> find(String teller, String requestId) {
    return desk.find(teller, requestId)
        .map(taken -> respond(taken, Duration.ZERO))
        .orElseThrow(() ->
            new ProblemException(
                CommonProblem.NOT_FOUND, "This teller made no such request lately."));
  }

  BranchDesk desk() {
    return desk;
  }

  private static ResponseEntity<Object> respond(DeskSubmission.Taken taken, Duration wait) {
    try {
      taken.durable().get(Math.max(wait.toMillis(), 1_000), TimeUnit.MILLISECONDS);
      return answered(taken, taken.answer().get(wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return pending(taken);
    } catch (ExecutionException | CancellationException e) {
      throw new ProblemException(
          BranchProblem.BRANCH_BUSY, "Nothing was sent; try again.", RETRY_AFTER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return pending(taken);
    }
  }

  private static ResponseEntity<Object> pending(DeskSubmission.Taken taken) {
    if (!taken.durable().isDone()) {
      throw new ProblemException(
          BranchProblem.BRANCH_BUSY, "Try again with the same key.", RETRY_AFTER);
    }
    return ResponseEntity.accepted()
        .location(URI.create("/v1/requests/" + taken.requestId()))
        .header(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_AFTER.toSeconds()))
        .cacheControl(CacheControl.noStore())
        .body(new RequestView(taken.requestId(), "pending", null));
  }

  private static ResponseEntity<Object> answered(
      DeskSubmission.Taken taken, DeskAnswer<BranchNotice> answer) {
    return switch (answer) {
      case DeskAnswer.Done<BranchNotice>(BranchNotice notice) ->
          ResponseEntity.ok()
              .cacheControl(CacheControl.noStore())
              .body(new RequestView(taken.requestId(), "done", view(taken, notice)));
      case DeskAnswer.Refused<BranchNotice>(ReasonCode reason, String detail) ->
          problem(BranchProblem.REFUSED_BY_BANK, detail, taken, reason);
      case DeskAnswer.Expired<BranchNotice> _ ->
          problem(
              BranchProblem.REQUEST_EXPIRED,
              "The bank does not act on it any more; look at the account before asking again.",
              taken,
              null);
    };
  }

  private static ResponseEntity<Object> problem(
      ProblemCode code, String detail, DeskSubmission.Taken taken, @Nullable ReasonCode reason) {
    ProblemDetail problem = code.toProblem(detail);
    problem.setProperty("requestId", taken.requestId());
    if (reason != null) {
      problem.setProperty("reason", reason.name());
    }
    return ResponseEntity.status(code.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .cacheControl(CacheControl.noStore())
        .body(problem);
  }

  private static Object view(DeskSubmission.Taken taken, BranchNotice notice) {
    return switch (notice) {
      case BranchNotice.AccountOpened n -> new AccountView(n.account().value());
      case BranchNotice.AccountClosed n -> new AccountView(n.account().value());
      case BranchNotice.CashBooked n ->
          new CashView(n.account().value(), n.amount(), n.reference(), n.branchCash());
      case BranchNotice.ActivationCodeIssued n ->
          new ActivationCodeView(
              n.account().value(),
              taken.activationCode().orElseThrow().print(),
              Instant.ofEpochMilli(n.expiresAtMillis()));
      case BranchNotice.DeviceUnlinked n -> new UnlinkedView(n.deviceId());
      case BranchNotice.Devices n ->
          new DevicesView(
              n.account().value(),
              n.devices().stream()
                  .map(d ->
                      new DeviceView(
                          d.deviceId(), d.deviceName(), Instant.ofEpochMilli(d.linkedAtMillis())))
                  .toList());
      case BranchNotice.Refused _ -> throw new IllegalStateException("a refusal is no result");
    };
  }
}
