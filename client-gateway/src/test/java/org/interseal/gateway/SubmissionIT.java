package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.SubmissionId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.store.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SubmissionIT {
  @TempDir Path directory;
  private Federation federation;
  private Gateway gateway;
  private TestDevice device;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(directory);
    device = federation.linkedDevice();
    gateway = federation.gateway();
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    federation.close();
  }

  @Test
  void anEnvelopeIsStoredAsItCame() throws Exception {
    String envelope = federation.seal(federation.bank);

    var answer = gateway.submit(device, envelope);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.as(RestApi.Submission.class).submissionId())
        .isEqualTo(SubmissionId.of(federation.bank.id(), envelope));
    assertThat(federation.transactions(federation.bank))
        .extracting(Row::body)
        .containsExactly(envelope);
    assertThat(gateway.metric("interseal.gateway.submissions", "outcome", "accepted")).isEqualTo(1);
  }

  @Test
  void theSameBytesAreAcceptedAgainAndStoredOnce() throws Exception {
    String envelope = federation.seal(federation.bank);
    var first = gateway.submit(device, envelope);
    try (Gateway second = federation.gateway()) {
      assertThat(second.submit(device, envelope))
          .extracting(Gateway.Answer::body)
          .isEqualTo(first.body());
      assertThat(second.metric("interseal.gateway.submissions", "outcome", "repeated"))
          .isEqualTo(1);
    }
    assertThat(federation.transactions(federation.bank)).hasSize(1);
  }

  @Test
  void aWaitingCallReturnsTheReply() throws Exception {
    String envelope = federation.seal(federation.bank);
    String id = SubmissionId.of(federation.bank.id(), envelope);
    var answer = CompletableFuture.supplyAsync(() -> waiting(envelope, 30));
    awaitStored();
    federation.post(device, null, "unrelated");
    federation.post(device, id, "the-reply");

    assertThat(answer.join().status()).isEqualTo(200);
    RestApi.Item item =
        java.util.Objects.requireNonNull(answer.join().as(RestApi.Submission.class).item());
    assertThat(item.envelope()).isEqualTo("the-reply");
    assertThat(item.inReplyTo()).isEqualTo(id);
    assertThat(gateway.metric("interseal.gateway.waits", "outcome", "answered")).isEqualTo(1);
    assertThat(gateway.metric("interseal.gateway.waits.active")).isZero();
  }

  private void awaitStored() throws Exception {
    try (Latch stored = Latch.on(federation)) {
      stored.await();
    }
  }

  private Gateway.Answer waiting(String envelope, int seconds) {
    try {
      return gateway.post(device, RestApi.MESSAGES, "wait=" + seconds, envelope);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void manyCallsOfOneDeviceWaitAtOnceAndEachGetsItsOwnReply() throws Exception {
    java.util.List<String> envelopes =
        java.util.stream.IntStream.range(0, 20)
            .mapToObj(_ -> federation.seal(federation.bank))
            .toList();
    var executor = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor();
    try (executor) {
      var answers = envelopes.stream().map(e -> executor.submit(() -> waiting(e, 30))).toList();
      try (Latch stored = Latch.on(federation, 20)) {
        stored.await();
      }
      envelopes
          .reversed()
          .forEach(e -> federation.post(device, SubmissionId.of(federation.bank.id(), e), "r"));
      for (int i = 0; i < answers.size(); i++) {
        RestApi.Submission submission = answers.get(i).get().as(RestApi.Submission.class);
        assertThat(java.util.Objects.requireNonNull(submission.item()).inReplyTo())
            .isEqualTo(SubmissionId.of(federation.bank.id(), envelopes.get(i)));
      }
    }
  }

  @Test
  void withoutAReplyInTimeTheEnvelopeIsStillAccepted() {
    var answer = waiting(federation.seal(federation.bank), 1);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(gateway.metric("interseal.gateway.waits", "outcome", "timed-out")).isEqualTo(1);
  }

  @Test
  void aReplyThatCameEarlierIsFoundWhenTheSameBytesComeAgain() throws Exception {
    String envelope = federation.seal(federation.bank);
    gateway.submit(device, envelope);
    federation.post(device, SubmissionId.of(federation.bank.id(), envelope), "the-reply");
    federation.clock.advance(Duration.ofMinutes(5));

    assertThat(waiting(envelope, 30).status()).isEqualTo(200);
  }

  @Test
  void whenNoPlaceIsFreeACallIsAnsweredWithoutWaiting() throws Exception {
    try (Gateway crowded = federation.gateway("interseal.gateway.max-waits=0")) {
      var answer =
          crowded.post(device, RestApi.MESSAGES, "wait=30", federation.seal(federation.bank));
      assertThat(answer.status()).isEqualTo(202);
      assertThat(crowded.metric("interseal.gateway.waits", "outcome", "not-waited")).isEqualTo(1);
    }
  }

  @Test
  void aStoppingGatewayAnswersWhoeverWaits() throws Exception {
    Gateway stopping = federation.gateway();
    String envelope = federation.seal(federation.bank);
    var answer =
        CompletableFuture.supplyAsync(() -> {
          try {
            return stopping.post(device, RestApi.MESSAGES, "wait=30", envelope);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    awaitStored();
    stopping.context().close();
    assertThat(answer.join().status()).isEqualTo(202);
    stopping.close();
  }

  @Test
  void aDeviceMaySubmitAsSoonAsItIsLinked() throws Exception {
    TestDevice late = federation.device();
    assertThat(gateway.submit(late, federation.seal(federation.bank)).problem())
        .isEqualTo("device-not-linked");
    federation.register(late, 1, true, federation.server.key());
    gateway.context().getBean(DeviceDirectory.class).refresh();
    assertThat(gateway.submit(late, federation.seal(federation.bank)).status()).isEqualTo(202);
  }

  @Test
  void anUnlinkedDeviceActivatesAndReadsTheAnswer() throws Exception {
    TestDevice stranger = federation.device();
    String envelope = federation.seal(federation.bank);
    var accepted = gateway.post(stranger, RestApi.ACTIVATIONS, null, envelope);
    assertThat(accepted.status()).isEqualTo(202);
    federation.post(stranger, accepted.as(RestApi.Submission.class).submissionId(), "refused");

    var page = gateway.get(stranger, RestApi.MAILBOX, null).as(RestApi.MailboxPage.class);
    assertThat(page.items()).extracting(RestApi.Item::envelope).containsExactly("refused");
  }

  @Test
  void anEnvelopeToAnEarlierEncryptionKeyIsStillTaken() throws Exception {
    String sealedBefore = federation.seal(federation.bank);
    var next = org.interseal.crypto.DecryptionKey.generate(federation.random);
    federation.publish(federation.bank.epoch(1, 2, next));
    gateway.context().getBean(BankDirectory.class).refresh();
    assertThat(gateway.submit(device, sealedBefore).status()).isEqualTo(202);
  }
}
