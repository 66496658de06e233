package org.interseal.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.http.RequestVerdict.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RequestSignatureTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final String PATH = "/v1/messages";
  private static final String QUERY = "wait=10";
  private static final Bytes BODY = Bytes.utf8("an envelope");

  private final SecureRandom random = new SecureRandom();
  private final SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, random);

  private final Map<String, List<String>> headers = new HashMap<>();
  private Instant now = NOW;
  private String method = "POST";
  private String path = PATH;
  private @Nullable String query = QUERY;
  private Bytes body = BODY;

  private void sign(SigningKey with) {
    sign(with, BODY);
  }

  private void sign(SigningKey with, @Nullable Bytes signedBody) {
    new RequestSigner(with, () -> NOW, random)
        .sign("POST", PATH, QUERY, signedBody)
        .forEach((name, value) -> headers.put(name, List.of(value)));
  }

  private RequestVerdict verify() {
    return new RequestVerifier(() -> now)
        .verify(
            new ReceivedRequest(
                method, path, query, name -> headers.getOrDefault(name, List.of()), body));
  }

  private void assertRejected(Reason reason) {
    assertThat(verify()).isEqualTo(new RequestVerdict.Rejected(reason));
  }

  private void edit(String header, String from, String to) {
    String value = headers.getOrDefault(header, List.of()).getFirst();
    assertThat(value).contains(from);
    headers.put(header, List.of(value.replace(from, to)));
  }

  @ParameterizedTest
  @EnumSource(SignatureAlgorithm.class)
  void aSignedRequestNamesItsDevice(SignatureAlgorithm algorithm) {
    SigningKey device = SigningKey.generate(algorithm, random);
    sign(device);
    assertThat(verify())
        .isEqualTo(
            new RequestVerdict.Authentic(
                device.verificationKey().id().value(), device.verificationKey()));
  }

  @Test
  void aRequestWithoutBodyAndQueryIsSignedToo() {
    new RequestSigner(key, () -> NOW, random)
        .sign("GET", "/v1/mailbox", null, null)
        .forEach((name, value) -> headers.put(name, List.of(value)));
    method = "GET";
    path = "/v1/mailbox";
    query = null;
    body = Bytes.utf8("");
    assertThat(verify()).isInstanceOf(RequestVerdict.Authentic.class);

    query = "after=c0-";
    assertRejected(Reason.BAD_SIGNATURE);
  }

  @Test
  void alteringAnythingIsFound() {
    sign(key);
    method = "PUT";
    assertRejected(Reason.BAD_SIGNATURE);
    method = "POST";
    path = "/v1/activations";
    assertRejected(Reason.BAD_SIGNATURE);
    path = PATH;
    query = "wait=11";
    assertRejected(Reason.BAD_SIGNATURE);
    query = null;
    assertRejected(Reason.BAD_SIGNATURE);
    query = QUERY;
    body = Bytes.utf8("another envelope");
    assertRejected(Reason.WRONG_DIGEST);
    headers.put(SignatureForm.CONTENT_DIGEST, List.of(SignatureForm.contentDigest(body)));
    assertRejected(Reason.BAD_SIGNATURE);
  }

  @Test
  void aBodyThatIsNotSignedIsRejected() {
    sign(key, null);
    assertRejected(Reason.WRONG_DIGEST);
  }

  @Test
  void aSignatureLivesAMinute() {
    sign(key);
    now = NOW.plusSeconds(59);
    assertThat(verify()).isInstanceOf(RequestVerdict.Authentic.class);
    now = NOW.plusSeconds(60);
    assertRejected(Reason.EXPIRED);
  }

  @Test
  void aDeviceClockMayBeALittleAhead() {
    sign(key);
    now = NOW.minus(SignatureForm.CLOCK_TOLERANCE);
    assertThat(verify()).isInstanceOf(RequestVerdict.Authentic.class);
    now = now.minusSeconds(1);
    assertRejected(Reason.NOT_YET_VALID);
  }

  @Test
  void nobodyGetsMoreThanAMinute() {
    long created = NOW.getEpochSecond();
    sign(key);
    edit(SignatureForm.SIGNATURE_INPUT, "expires=" + (created + 60), "expires=" + (created + 61));
    assertRejected(Reason.LIVES_TOO_LONG);
    edit(SignatureForm.SIGNATURE_INPUT, "expires=" + (created + 61), "expires=" + created);
    assertRejected(Reason.LIVES_TOO_LONG);
  }

  @Test
  void theKeyHasToBeTheOneThatIsNamed() {
    sign(key);
    SigningKey other = SigningKey.generate(SignatureAlgorithm.ED25519, random);
    headers.put(
        SignatureForm.KEY, List.of(SignatureForm.byteSequence(other.verificationKey().spki())));
    assertRejected(Reason.WRONG_KEY);
    headers.put(SignatureForm.KEY, List.of(SignatureForm.byteSequence(Bytes.utf8("no key"))));
    assertRejected(Reason.WRONG_KEY);
  }

  @Test
  void theKeyDecidesTheAlgorithm() {
    sign(key);
    edit(SignatureForm.SIGNATURE_INPUT, "\"ed25519\"", "\"ecdsa-p256-sha256\"");
    assertRejected(Reason.WRONG_KEY);
  }

  @Test
  void everyHeaderIsNeededOnce() {
    for (String name :
        List.of(
            SignatureForm.KEY,
            SignatureForm.SIGNATURE,
            SignatureForm.SIGNATURE_INPUT,
            SignatureForm.CONTENT_DIGEST)) {
      sign(key);
      List<String> value = headers.getOrDefault(name, List.of());
      headers.remove(name);
      assertRejected(Reason.MISSING);
      List<String> twice = new ArrayList<>(value);
      twice.addAll(value);
      headers.put(name, twice);
      assertRejected(Reason.MALFORMED);
      headers.put(name, value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "device=,sig1=",
    "tag=\"interseal\",tag=\"other\"",
    "\"@method\" \"@path\",\"@path\" \"@method\"",
    "\"@query\" ,''",
    "' \"content-digest\"',' \"content-digest\" \"date\"'",
    ";nonce=,;Nonce=",
    ";created=,; created=",
    ";alg=\"ed25519\",''",
    ";created=,;created=0",
    ";expires=,;expires=-",
  })
  void anyOtherFormIsRejected(String from, String to) {
    sign(key);
    edit(SignatureForm.SIGNATURE_INPUT, from, to);
    assertThat(verify()).isInstanceOf(RequestVerdict.Rejected.class);
  }

  @Test
  void base64IsStrict() {
    sign(key);
    String signature = headers.getOrDefault(SignatureForm.SIGNATURE, List.of()).getFirst();
    for (String altered :
        List.of(
            signature.replace("==:", ":"),
            signature.replace("==:", "=:"),
            signature.replace("device=:", "device=: "),
            signature.substring(0, signature.length() - 1),
            signature + ", other=:AA==:",
            "device=::",
            "device=:AA==:")) {
      headers.put(SignatureForm.SIGNATURE, List.of(altered));
      assertRejected(Reason.MALFORMED);
    }
  }

  @Test
  void everySingleBitOfTheSignatureCounts() {
    sign(key);
    String value = headers.getOrDefault(SignatureForm.SIGNATURE, List.of()).getFirst();
    byte[] signature =
        java.util.Base64.getDecoder()
            .decode(value.substring("device=:".length(), value.length() - 1));
    for (int bit = 0; bit < signature.length * 8; bit++) {
      byte[] altered = signature.clone();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));
      headers.put(
          SignatureForm.SIGNATURE,
          List.of("device=" + SignatureForm.byteSequence(Bytes.of(altered))));
      assertRejected(Reason.BAD_SIGNATURE);
    }
  }

  @Test
  void aHugeHeaderIsRejectedUnread() {
    sign(key);
    headers.put(SignatureForm.KEY, List.of(":" + "A".repeat(4_000) + ":"));
    assertRejected(Reason.MALFORMED);
  }

  @Test
  void theLifeIsTheDocumentedMinute() {
    assertThat(SignatureForm.MAX_LIFE).isEqualTo(Duration.ofSeconds(60));
  }
}
