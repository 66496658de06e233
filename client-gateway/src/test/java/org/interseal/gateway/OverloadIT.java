package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.protocol.heartbeat.Heartbeat;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Too much of everything, over real HTTP: who sends it is refused, and nobody else notices. */
@Timeout(60)
class OverloadIT {
  @TempDir Path directory;
  private Federation federation;
  private TestDevice flooding;
  private TestDevice polite;

  @BeforeEach
  void start() throws Exception {
    federation = new Federation(directory);
    flooding = federation.linkedDevice();
    polite = federation.linkedDevice();
  }

  @AfterEach
  void stop() throws Exception {
    federation.close();
  }

  private int pagesUntilRefused(Gateway gateway, TestDevice device, int most) throws Exception {
    for (int i = 0; i < most; i++) {
      Gateway.Answer answer = gateway.get(device, RestApi.MAILBOX, null);
      if (answer.status() != 200) {
        assertThat(answer.problem()).isEqualTo("rate-limited");
        assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isPositive();
        return i;
      }
    }
    return most;
  }

  @Test
  void aFloodingDeviceIsTurnedAwayAndAPoliteOneNoticesNothing() throws Exception {
    try (Gateway gateway = federation.gateway("interseal.gateway.limits.device-per-second=1")) {
      assertThat(pagesUntilRefused(gateway, flooding, 100)).isBetween(10, 30);

      assertThat(gateway.submit(polite, federation.seal(federation.bank)).status()).isEqualTo(202);
      assertThat(gateway.metric("interseal.gateway.rate.limited", "limit", "device")).isPositive();
    }
  }

  @Test
  void whoseBudgetIsUsedUpIsRefusedBeforeItsBodyIsRead() throws Exception {
    try (Gateway gateway = federation.gateway("interseal.gateway.limits.device-per-second=1")) {
      pagesUntilRefused(gateway, flooding, 100);

      try (Raw request = Raw.post(gateway, flooding, Envelope.MAX_LENGTH)) {
        assertThat(request.status()).as("without a byte of the body").isEqualTo(429);
      }
      assertThat(gateway.metric("interseal.gateway.envelope.bytes")).isZero();
    }
  }

  @Test
  void aClaimedKeyTakesNothingFromItsOwner() throws Exception {
    try (Gateway gateway = federation.gateway("interseal.gateway.limits.device-per-second=1")) {
      Map<String, String> stolen = polite.sign("POST", RestApi.MESSAGES, null, "another body");
      for (int i = 0; i < 20; i++) {
        assertThat(gateway.send("POST", RestApi.MESSAGES, stolen, "not what was signed").problem())
            .isEqualTo("signature-refused");
      }
      assertThat(gateway.submit(polite, federation.seal(federation.bank)).status()).isEqualTo(202);
    }
  }

  @Test
  void bodiesThatDripAreCutOff() throws Exception {
    try (Gateway gateway = federation.gateway("interseal.gateway.body-timeout=100ms")) {
      try (Raw slow = Raw.post(gateway, flooding, 10_000)) {
        for (int i = 0; i < 200 && !slow.answered(); i++) {
          slow.send("x");
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        assertThat(slow.status()).isEqualTo(408);
      }
      assertThat(gateway.submit(polite, federation.seal(federation.bank)).status()).isEqualTo(202);
      awaitNothingHeld(gateway);
    }
  }

  @Test
  void halfSentBodiesOfStrangersFillTheirOwnShareOnly() throws Exception {
    try (Gateway gateway = federation.gateway("interseal.gateway.envelope-memory=2MB")) {
      List<Raw> open = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Raw half = Raw.post(gateway, federation.device(), Envelope.MAX_LENGTH);
        open.add(half);
        half.send("x".repeat(32 * 1024));
      }
      awaitRefusals(open);
      assertThat(gateway.metric("interseal.gateway.envelope.bytes"))
          .as("an eighth at most")
          .isLessThanOrEqualTo(2 * 1024 * 1024 / 8.0);
      assertThat(gateway.submit(polite, federation.seal(federation.bank)).status()).isEqualTo(202);
      assertThat(gateway.metric("interseal.gateway.overloaded", "reason", "memory")).isPositive();
      for (Raw half : open) {
        half.close();
      }
    }
  }

  /** A request gives back what it holds just after its answer. */
  private static void awaitNothingHeld(Gateway gateway) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (gateway.metric("interseal.gateway.envelope.bytes") > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(gateway.metric("interseal.gateway.envelope.bytes")).isZero();
  }

  /**
   * Each is held, waiting for its rest, or was refused; an eighth of the memory is eight of them.
   */
  private static void awaitRefusals(List<Raw> open) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int answered = 0;
    while (answered < 8 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      answered = 0;
      for (Raw half : open) {
        answered += half.answered() ? 1 : 0;
      }
    }
    assertThat(answered).isGreaterThanOrEqualTo(8);
  }

  private void beat(SigningKey key, long behindMillis) throws Exception {
    Heartbeat beat =
        new Heartbeat(
            Heartbeat.VERSION,
            federation.bank.id(),
            "server",
            "server-1",
            "test",
            federation.clock.millis(),
            behindMillis);
    federation
        .shared
        .mutable(TableName.HEARTBEATS)
        .put(
            Heartbeat.rowId(Party.server(federation.bank.id(), "server-1")),
            SignedStatement.sign(Heartbeat.STATEMENT_TYPE, ProtocolJson.encode(beat), key));
  }

  @Test
  void aBankThatIsBehindGetsLessToDo() throws Exception {
    try (Gateway gateway = federation.gateway("interseal.gateway.limits.device-per-second=1")) {
      BankBacklog backlog = gateway.context().getBean(BankBacklog.class);
      for (int i = 0; i < 6; i++) {
        assertThat(gateway.get(flooding, RestApi.MAILBOX, null).status()).isEqualTo(200);
      }
      beat(federation.server.key(), 6_000);
      backlog.refresh();
      Gateway.Answer refused = gateway.submit(flooding, federation.seal(federation.bank));
      assertThat(refused.problem()).isEqualTo("overloaded");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "3");
      assertThat(gateway.submit(polite, federation.seal(federation.bank)).status()).isEqualTo(202);

      federation.clock.advance(Duration.ofMillis(1));
      beat(federation.server.key(), 10_000);
      backlog.refresh();
      assertThat(gateway.submit(polite, federation.seal(federation.bank)).problem())
          .isEqualTo("overloaded");
      assertThat(gateway.get(polite, RestApi.MAILBOX, null).status())
          .as("answers are fetched all the same")
          .isEqualTo(200);

      federation.clock.advance(Duration.ofMillis(1));
      beat(federation.server.key(), 0);
      backlog.refresh();
      federation.clock.advance(Duration.ofMillis(1));
      beat(SigningKey.generate(SignatureAlgorithm.ED25519, federation.random), 60_000);
      backlog.refresh();
      assertThat(gateway.submit(polite, federation.seal(federation.bank)).status())
          .as("who is not certified as a server of the bank says nothing")
          .isEqualTo(202);
    }
  }

  /** A request that is sent by hand, as slowly as one likes. */
  private static final class Raw implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;

    private Raw(Socket socket) throws IOException {
      this.socket = socket;
      this.out = socket.getOutputStream();
    }

    /** Sends the head, and none of the body. */
    static Raw post(Gateway gateway, TestDevice device, int length) throws IOException {
      Socket socket = new Socket("127.0.0.1", gateway.port());
      socket.setSoTimeout(20_000);
      Raw raw = new Raw(socket);
      StringBuilder head = new StringBuilder("POST " + RestApi.MESSAGES + " HTTP/1.1\r\n");
      head.append("Host: 127.0.0.1\r\nContent-Type: " + RestApi.ENVELOPE_TYPE + "\r\n");
      head.append("Content-Length: " + length + "\r\n");
      device
          .sign("POST", RestApi.MESSAGES, null, "x")
          .forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      raw.send(head + "\r\n");
      return raw;
    }

    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    boolean answered() throws IOException {
      return socket.getInputStream().available() > 0;
    }

    int status() throws IOException {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String line = reader.readLine();
      return line == null ? -1 : Integer.parseInt(line.split(" ", 3)[1]);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
