package org.interseal.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.interseal.crypto.Envelope;
import org.interseal.protocol.http.RestApi;
import org.interseal.service.CommonProblem;
import org.interseal.service.Correlation;
import org.interseal.service.ProblemException;
import org.interseal.store.DurableInsert;
import org.interseal.store.Position;
import org.interseal.store.StoreUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes sealed envelopes on. */
@RestController
class MessageController {
  /** Longest envelope of an activation, in characters. */
  static final int MAX_ACTIVATION_LENGTH = 32 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(MessageController.class);

  /**
   * How far the shared store's clock may be ahead of the bank's own when an old reply is looked
   * for.
   */
  private static final long CLOCK_MARGIN_MILLIS = 60_000;

  private static final int MAX_PAGES_BACK = 20;
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Admission admission;
  private final Submissions submissions;
  private final ReplyWatches replies;
  private final Mailbox mailbox;
  private final GatewayMeters meters;

  MessageController(
      Admission admission,
      Submissions submissions,
      ReplyWatches replies,
      Mailbox mailbox,
      GatewayMeters meters) {
    this.admission = admission;
    this.submissions = submissions;
    this.replies = replies;
    this.mailbox = mailbox;
    this.meters = meters;
  }

  @PostMapping(
      path = RestApi.MESSAGES,
      consumes = {RestApi.ENVELOPE_TYPE, MediaType.TEXT_PLAIN_VALUE})
  ResponseEntity<byte[]> message(
      @SignedRequest.MaxBody(Envelope.MAX_LENGTH) SignedRequest request,
      @RequestParam(defaultValue = "0") int wait)
      throws InterruptedException {
    checkWait(wait);
    admission.admitLinked(request);
    return submit(request, wait);
  }

  @PostMapping(
      path = RestApi.ACTIVATIONS,
      consumes = {RestApi.ENVELOPE_TYPE, MediaType.TEXT_PLAIN_VALUE})
  ResponseEntity<byte[]> activation(
      @SignedRequest.MaxBody(MAX_ACTIVATION_LENGTH) SignedRequest request,
      @RequestParam(defaultValue = "0") int wait)
      throws InterruptedException {
    checkWait(wait);
    admission.admitActivation(request);
    return submit(request, wait);
  }

  private static void checkWait(int wait) {
    if (wait < 0 || wait > RestApi.MAX_WAIT_SECONDS) {
      throw new ProblemException(
          CommonProblem.MALFORMED_REQUEST,
          "wait is 0 to " + RestApi.MAX_WAIT_SECONDS + " seconds.");
    }
  }

  private ResponseEntity<byte[]> submit(SignedRequest request, int wait)
      throws InterruptedException {
    Submissions.Check.Acceptable acceptable =
        switch (submissions.check(request.body())) {
          case Submissions.Check.Acceptable ok -> ok;
          case Submissions.Check.Malformed() ->
              throw refused(
                  "malformed",
                  new ProblemException(
                      GatewayProblem.ENVELOPE_MALFORMED, "See the reference on envelopes."));
          case Submissions.Check.WrongBank() ->
              throw refused(
                  "wrong-bank",
                  new ProblemException(
                      GatewayProblem.WRONG_BANK, "Fetch this bank's keys and seal again."));
          case Submissions.Check.BankUnknown() ->
              throw refused(
                  "not-ready",
                  new ProblemException(
                      GatewayProblem.NOT_READY, "The bank's licence was not read yet.", RETRY));
        };
    try (Correlation _ = Correlation.of(acceptable.submissionId())) {
      return store(request.deviceId(), acceptable, Duration.ofSeconds(wait));
    }
  }

  private ResponseEntity<byte[]> store(
      String deviceId, Submissions.Check.Acceptable acceptable, Duration patience)
      throws InterruptedException {
    String id = acceptable.submissionId();
    // Watching begins before the row can be seen, so that no reply comes too early to be noticed.
    Optional<ReplyWatches.Reply> reply =
        patience.isZero() ? Optional.empty() : replies.expect(deviceId, id);
    try {
      DurableInsert.Result.Durable durable = durable(acceptable);
      String outcome = isNew(durable) ? "accepted" : "repeated";
      meters.submission(outcome);
      // The reference is what the bank's servers log for the same envelope: a payment is followed
      // from here by it.
      LOG.atInfo()
          .addKeyValue(Correlation.REFERENCE, Correlation.onlyItem(id))
          .addKeyValue("outcome", outcome)
          .log("submission stored");
      Optional<RestApi.Item> item =
          reply.isEmpty() ? Optional.empty() : await(deviceId, id, durable, reply.get(), patience);
      if (!patience.isZero()) {
        meters.waited(reply.isEmpty() ? "not-waited" : item.isPresent() ? "answered" : "timed-out");
      }
      return Json.personal(
          item.isPresent() ? HttpStatus.OK : HttpStatus.ACCEPTED,
          new RestApi.Submission(id, item.orElse(null)));
    } finally {
      reply.ifPresent(ReplyWatches.Reply::close);
    }
  }

  /**
   * A later attempt says as well that the envelope may stand already: another gateway tags the same
   * bytes otherwise, so that they do not count as the same row.
   */
  private static boolean isNew(DurableInsert.Result.Durable durable) {
    return durable.first() && durable.attempt() == 0;
  }

  private Optional<RestApi.Item> await(
      String deviceId,
      String submissionId,
      DurableInsert.Result.Durable durable,
      ReplyWatches.Reply reply,
      Duration patience)
      throws InterruptedException {
    if (!isNew(durable)) {
      Optional<RestApi.Item> earlier =
          earlierReply(deviceId, submissionId, durable.timestampMillis());
      if (earlier.isPresent()) {
        return earlier;
      }
    }
    return reply.await(patience);
  }

  /** The reply to bytes that were submitted before. */
  private Optional<RestApi.Item> earlierReply(
      String deviceId, String submissionId, long submittedMillis) {
    try {
      Position from = new Position(Math.max(0, submittedMillis - CLOCK_MARGIN_MILLIS), "");
      return mailbox.findReply(deviceId, submissionId, from, MAX_PAGES_BACK);
    } catch (StoreUnavailable e) {
      // The submission is durable, which is what the caller must learn; the reply is in the
      // mailbox.
      return Optional.empty();
    }
  }

  private DurableInsert.Result.Durable durable(Submissions.Check.Acceptable acceptable)
      throws InterruptedException {
    DurableInsert.Result result;
    try {
      result = submissions.submit(acceptable).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return switch (result) {
      case DurableInsert.Result.Durable durable -> durable;
      case DurableInsert.Result.GaveUp(String reason) -> {
        LOG.warn("submission not known to be stored: {}", reason);
        throw refused(
            "unknown",
            new ProblemException(
                GatewayProblem.OUTCOME_UNKNOWN,
                "Send the same bytes again; twice does no harm.",
                RETRY));
      }
    };
  }

  private ProblemException refused(String outcome, ProblemException problem) {
    meters.submission(outcome);
    return problem;
  }
}
