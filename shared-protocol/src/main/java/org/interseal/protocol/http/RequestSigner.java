package org.interseal.protocol.http;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SigningKey;
import org.jspecify.annotations.Nullable;

/** Signs a device's requests. Thread-safe. */
public final class RequestSigner {
  private static final int NONCE_BYTES = 16;

  private final SigningKey requestKey;
  private final InstantSource clock;
  private final SecureRandom random;
  private final String algorithm;
  private final String keyId;
  private final String keyHeader;

  /** Signs with {@code requestKey}, which is a key of its own and no letter is signed with. */
  public RequestSigner(SigningKey requestKey, InstantSource clock, SecureRandom random) {
    this.requestKey = requestKey;
    this.clock = clock;
    this.random = random;
    this.algorithm = SignatureForm.algorithmName(requestKey.verificationKey().algorithm());
    this.keyId = requestKey.verificationKey().id().value();
    this.keyHeader = SignatureForm.byteSequence(requestKey.verificationKey().spki());
  }

  /** The id of the device: the hash of its request key. */
  public String deviceId() {
    return keyId;
  }

  /**
   * The headers to add to a request. A request that is sent again, even unchanged, is signed again.
   *
   * @param method upper case
   * @param rawPath exactly as it will be sent, percent-encoded
   * @param rawQuery exactly as it will be sent, without the question mark
   * @param body the bytes of the body, or none when the request has no body
   */
  public Map<String, String> sign(
      String method, String rawPath, @Nullable String rawQuery, @Nullable Bytes body) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    long created = clock.instant().getEpochSecond();
    String parameters =
        (body == null ? SignatureForm.COMPONENTS : SignatureForm.COMPONENTS_WITH_BODY)
            + ";created="
            + created
            + ";expires="
            + (created + SignatureForm.MAX_LIFE.toSeconds())
            + ";nonce=\""
            + Bytes.of(nonce).toBase64Url()
            + "\";alg=\""
            + algorithm
            + "\";keyid=\""
            + keyId
            + "\";tag=\""
            + SignatureForm.TAG
            + "\"";
    String digest = body == null ? null : SignatureForm.contentDigest(body);
    Bytes signature =
        requestKey.sign(SignatureForm.base(method, rawPath, rawQuery, digest, parameters));
    Map<String, String> headers = new LinkedHashMap<>();
    if (digest != null) {
      headers.put(SignatureForm.CONTENT_DIGEST, digest);
    }
    headers.put(SignatureForm.KEY, keyHeader);
    headers.put(SignatureForm.SIGNATURE_INPUT, SignatureForm.LABEL + "=" + parameters);
    headers.put(
        SignatureForm.SIGNATURE, SignatureForm.LABEL + "=" + SignatureForm.byteSequence(signature));
    return headers;
  }
}
