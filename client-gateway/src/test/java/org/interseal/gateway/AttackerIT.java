package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.http.SignatureForm;
import org.interseal.protocol.registry.BankDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network, a stranger, another customer and an evicted server at the edge of a bank. */
class AttackerIT {
  @TempDir Path directory;
  private Federation federation;
  private Gateway gateway;
  private TestDevice device;
  private String envelope;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(directory);
    device = federation.linkedDevice();
    gateway = federation.gateway();
    envelope = federation.seal(federation.bank);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    federation.close();
  }

  private void assertNothingStored() throws Exception {
    assertThat(federation.transactions(federation.bank)).isEmpty();
  }

  private Gateway.Answer submit(Map<String, String> headers, String body) throws Exception {
    return gateway.send("POST", RestApi.MESSAGES, headers, body);
  }

  @Test
  void anUnsignedRequestIsRefused() throws Exception {
    assertThat(submit(Map.of(), envelope).problem()).isEqualTo("signature-missing");
    assertThat(gateway.get(RestApi.MAILBOX).problem()).isEqualTo("signature-missing");
    assertThat(gateway.get(RestApi.MAILBOX_EVENTS).problem()).isEqualTo("signature-missing");
    assertNothingStored();
  }

  @Test
  void theNetworkCannotAlterARequest() throws Exception {
    Map<String, String> headers = device.sign("POST", RestApi.MESSAGES, null, envelope);
    String other = federation.seal(federation.bank);
    assertThat(submit(headers, other).problem()).isEqualTo("signature-refused");

    Map<String, String> digested = new HashMap<>(headers);
    digested.put(
        SignatureForm.CONTENT_DIGEST,
        SignatureForm.contentDigest(org.interseal.crypto.Bytes.utf8(other)));
    assertThat(submit(digested, other).problem()).isEqualTo("signature-refused");
    assertThat(gateway.send("POST", RestApi.MESSAGES + "?wait=1", headers, envelope).problem())
        .isEqualTo("signature-refused");
    assertThat(gateway.send("POST", RestApi.ACTIVATIONS, headers, envelope).problem())
        .isEqualTo("signature-refused");
    assertNothingStored();
    assertThat(gateway.metric("interseal.gateway.signatures.rejected", "reason", "bad-signature"))
        .isEqualTo(3);
  }

  @Test
  void aReplayedRequestChangesNothingAndSoonIsRefused() throws Exception {
    Map<String, String> headers = device.sign("POST", RestApi.MESSAGES, null, envelope);
    assertThat(submit(headers, envelope).status()).isEqualTo(202);
    assertThat(submit(headers, envelope).status()).isEqualTo(202);
    assertThat(federation.transactions(federation.bank)).hasSize(1);

    federation.clock.advance(Duration.ofSeconds(60));
    assertThat(submit(headers, envelope).problem()).isEqualTo("signature-expired");
  }

  @Test
  void aRequestFromTheFutureIsRefused() throws Exception {
    federation.clock.advance(Duration.ofMinutes(5));
    Map<String, String> headers = device.sign("POST", RestApi.MESSAGES, null, envelope);
    federation.clock.advance(Duration.ofMinutes(-5));
    assertThat(submit(headers, envelope).problem()).isEqualTo("signature-expired");
  }

  @Test
  void nobodySignsForAnother() throws Exception {
    TestDevice thief = federation.device();
    Map<String, String> headers =
        new HashMap<>(thief.sign("POST", RestApi.MESSAGES, null, envelope));
    headers.put(
        SignatureForm.KEY,
        device.sign("POST", RestApi.MESSAGES, null, envelope).getOrDefault(SignatureForm.KEY, ""));
    assertThat(submit(headers, envelope).problem()).isEqualTo("signature-refused");
  }

  @Test
  void anUnlinkedDeviceSubmitsNothing() throws Exception {
    assertThat(gateway.submit(federation.device(), envelope).problem())
        .isEqualTo("device-not-linked");
    federation.register(device, 2, false, federation.server.key());
    gateway.context().getBean(DeviceDirectory.class).refresh();
    assertThat(gateway.submit(device, envelope).problem()).isEqualTo("device-not-linked");
    assertNothingStored();
  }

  @Test
  void aMailboxIsReadWithItsOwnKeyOnly() throws Exception {
    federation.post(device, null, "private");
    TestDevice other = federation.linkedDevice();
    for (String query : new String[] {null, "after=", "after=c0-", "owner=" + device.id()}) {
      assertThat(gateway.get(other, RestApi.MAILBOX, query).as(RestApi.MailboxPage.class).items())
          .isEmpty();
    }
    assertThat(gateway.get(device, RestApi.MAILBOX, null).as(RestApi.MailboxPage.class).items())
        .hasSize(1);
  }

  @Test
  void aRegistrationCountsOnlyFromAServerOfThisBank() throws Exception {
    TestDevice stranger = federation.device();
    var foreign = federation.otherBank.server("server-1");
    var branch = federation.bank.branch("branch-1");
    federation.publish(foreign.row());
    federation.publish(branch.row());
    gateway.context().getBean(BankDirectory.class).refresh();
    federation.register(stranger, 1, true, foreign.key());
    federation.register(stranger, 2, true, branch.key());
    federation.register(
        stranger, 3, true, SigningKey.generate(SignatureAlgorithm.ED25519, federation.random));
    gateway.context().getBean(DeviceDirectory.class).refresh();

    assertThat(gateway.submit(stranger, envelope).problem()).isEqualTo("device-not-linked");
  }

  @Test
  void anEvictedServerCannotOverruleTheOthers() throws Exception {
    var evicted = federation.bank.server("server-2");
    federation.publish(evicted.row());
    federation.publish(federation.bank.revocation(1, evicted));
    gateway.context().getBean(BankDirectory.class).refresh();
    federation.register(device, 99, false, evicted.key());
    gateway.context().getBean(DeviceDirectory.class).refresh();

    assertThat(gateway.submit(device, envelope).status()).isEqualTo(202);
  }

  @Test
  void anEnvelopeForAnotherBankIsRefused() throws Exception {
    assertThat(gateway.submit(device, federation.seal(federation.otherBank)).problem())
        .isEqualTo("wrong-bank");
    assertThat(federation.transactions(federation.otherBank)).isEmpty();
    assertNothingStored();
  }

  @Test
  void whatIsNoEnvelopeIsRefused() throws Exception {
    for (String body :
        new String[] {
          "", "hello", "a.b.c", envelope + " ", envelope.substring(5), "ä" + envelope
        }) {
      assertThat(gateway.submit(device, body).problem()).isEqualTo("envelope-malformed");
    }
    assertNothingStored();
  }

  @Test
  void anOversizedBodyIsRefused() throws Exception {
    assertThat(gateway.submit(device, "A".repeat(Envelope.MAX_LENGTH + 1)).problem())
        .isEqualTo("too-large");
    String tooLargeToActivate = "A".repeat(MessageController.MAX_ACTIVATION_LENGTH + 1);
    assertThat(gateway.post(device, RestApi.ACTIVATIONS, null, tooLargeToActivate).problem())
        .isEqualTo("too-large");
  }

  @Test
  void anotherMediaTypeIsRefused() throws Exception {
    Map<String, String> headers =
        new HashMap<>(device.sign("POST", RestApi.MESSAGES, null, envelope));
    headers.put("Content-Type", "application/json");
    assertThat(submit(headers, envelope).problem()).isEqualTo("unsupported-media-type");
  }

  @Test
  void aMadeUpCursorIsRefused() throws Exception {
    for (String cursor : new String[] {"x0-", "c-1-", "c0", "c9999999999999999-", "c0-%00"}) {
      assertThat(gateway.get(device, RestApi.MAILBOX, "after=" + cursor).problem())
          .isEqualTo("cursor-malformed");
    }
  }

  @Test
  void pathsBesideTheInterfaceLeadNowhere() throws Exception {
    for (String path :
        new String[] {"/", "/v1", "/v1/", "/v1/bank/", "/actuator/health", "/v1/messages/x"}) {
      assertThat(gateway.get(path).problem()).as(path).isEqualTo("not-found");
    }
    assertThat(gateway.get("/operator/anything").problem()).isEqualTo("not-authenticated");
  }

  @Test
  void aFloodOfOneDeviceLeavesOthersAlone() throws Exception {
    try (Gateway strict =
        federation.gateway(
            "interseal.gateway.limits.device-per-second=1",
            "interseal.gateway.limits.stranger-per-minute=2")) {
      for (int i = 0; i < 10; i++) {
        assertThat(strict.submit(device, envelope).status()).isEqualTo(202);
      }
      Gateway.Answer limited = strict.submit(device, envelope);
      assertThat(limited.problem()).isEqualTo("rate-limited");
      assertThat(Integer.parseInt(limited.headers().getOrDefault("retry-after", "0"))).isPositive();

      TestDevice other = federation.linkedDevice();
      strict.context().getBean(DeviceDirectory.class).refresh();
      assertThat(strict.submit(other, envelope).status()).isEqualTo(202);
    }
  }

  @Test
  void aFloodOfMadeUpKeysStopsAtItsAddress() throws Exception {
    try (Gateway strict = federation.gateway("interseal.gateway.limits.stranger-per-minute=3")) {
      for (int i = 0; i < 3; i++) {
        assertThat(strict.get(federation.device(), RestApi.MAILBOX, null).status()).isEqualTo(200);
      }
      assertThat(strict.get(federation.device(), RestApi.MAILBOX, null).problem())
          .isEqualTo("rate-limited");
      assertThat(strict.get(device, RestApi.MAILBOX, null).status()).isEqualTo(200);
    }
  }

  @Test
  void activationsAreFewPerAddress() throws Exception {
    try (Gateway strict = federation.gateway("interseal.gateway.limits.activations-per-minute=2")) {
      for (int i = 0; i < 2; i++) {
        assertThat(strict.post(federation.device(), RestApi.ACTIVATIONS, null, envelope).status())
            .isEqualTo(202);
      }
      assertThat(strict.post(federation.device(), RestApi.ACTIVATIONS, null, envelope).problem())
          .isEqualTo("rate-limited");
    }
  }
}
