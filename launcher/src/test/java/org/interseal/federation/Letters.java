package org.interseal.federation;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.interseal.client.DeviceKeyRing;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.Envelope;
import org.interseal.crypto.Letter;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.http.RequestSigner;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.MessageType;

/**
 * Letters and requests as somebody writes them who does not use our libraries the way they are
 * meant.
 */
final class Letters {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final InstantSource CLOCK = InstantSource.system();

  private Letters() {}

  /** An envelope to a bank, fresh for an hour. */
  static String sealed(
      Party author,
      SigningKey key,
      BankId recipient,
      EncryptionKey recipientKey,
      long number,
      Object message) {
    Instant now = CLOCK.instant();
    return sealed(
        author, key, recipient, recipientKey, number, message, now, now.plus(Duration.ofHours(1)));
  }

  static String sealed(
      Party author,
      SigningKey key,
      BankId recipient,
      EncryptionKey recipientKey,
      long number,
      Object message,
      Instant createdAt,
      Instant expiresAt) {
    byte[] id = new byte[Letter.MESSAGE_ID_BYTES];
    RANDOM.nextBytes(id);
    Letter letter =
        new Letter(
            author,
            Party.bank(recipient),
            MessageType.nameOf(message),
            Bytes.of(id),
            number,
            createdAt,
            expiresAt,
            ProtocolJson.encode(message));
    return Envelope.seal(letter, key, recipientKey, 0, RANDOM);
  }

  /** Hands an envelope to a gateway, signed as that device's request. */
  static HttpResponse<String> post(
      HttpClient http, URI gateway, DeviceKeyRing device, String envelope) throws Exception {
    byte[] body = envelope.getBytes(StandardCharsets.US_ASCII);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(RestApi.MESSAGES))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", RestApi.ENVELOPE_TYPE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    new RequestSigner(device.request(), CLOCK, RANDOM)
        .sign("POST", RestApi.MESSAGES, null, Bytes.of(body))
        .forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
