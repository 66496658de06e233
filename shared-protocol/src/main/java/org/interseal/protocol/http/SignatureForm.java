package org.interseal.protocol.http;

import java.time.Duration;
import java.util.Base64;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignatureAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * The one form of signature that is written and read here (RFC 9421): one signature with the label
 * {@code device} over method, path, query and, when there is a body, its digest. Scheme and
 * authority are left out because a reverse proxy changes them; what a signed request may do is
 * fixed by its path and by the envelope inside, which names the bank.
 */
public final class SignatureForm {
  public static final String SIGNATURE_INPUT = "Signature-Input";
  public static final String SIGNATURE = "Signature";
  public static final String CONTENT_DIGEST = "Content-Digest";

  /** {@code :base64 of the request key's SubjectPublicKeyInfo:}, an RFC 8941 byte sequence. */
  public static final String KEY = "Interseal-Key";

  public static final String LABEL = "device";
  public static final String TAG = "interseal";

  /** Longest time from {@code created} to {@code expires}. */
  public static final Duration MAX_LIFE = Duration.ofSeconds(60);

  /** How far a device's clock may be ahead of the gateway's. */
  public static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

  static final String COMPONENTS = "(\"@method\" \"@path\" \"@query\")";
  static final String COMPONENTS_WITH_BODY =
      "(\"@method\" \"@path\" \"@query\" \"content-digest\")";

  private SignatureForm() {}

  /** The registered name of the algorithm (RFC 9421 section 3.3). */
  static String algorithmName(SignatureAlgorithm algorithm) {
    return switch (algorithm) {
      case ED25519 -> "ed25519";
      case ES256 -> "ecdsa-p256-sha256";
    };
  }

  /** {@code sha-256=:…:} (RFC 9530). */
  public static String contentDigest(Bytes body) {
    return "sha-256=" + byteSequence(Bytes.sha256(body));
  }

  /** An RFC 8941 byte sequence. */
  static String byteSequence(Bytes value) {
    return ":" + Base64.getEncoder().encodeToString(value.toArray()) + ":";
  }

  /**
   * The signature base (RFC 9421 section 2.5).
   *
   * @param rawPath as sent, undecoded
   * @param rawQuery as sent, without the question mark; none becomes {@code ?} alone
   * @param contentDigest none without a body
   * @param parameters the value of {@code @signature-params}
   */
  static Bytes base(
      String method,
      String rawPath,
      @Nullable String rawQuery,
      @Nullable String contentDigest,
      String parameters) {
    StringBuilder base = new StringBuilder(512);
    base.append("\"@method\": ").append(method).append('\n');
    base.append("\"@path\": ").append(rawPath.isEmpty() ? "/" : rawPath).append('\n');
    base.append("\"@query\": ?").append(rawQuery == null ? "" : rawQuery).append('\n');
    if (contentDigest != null) {
      base.append("\"content-digest\": ").append(contentDigest).append('\n');
    }
    base.append("\"@signature-params\": ").append(parameters);
    return Bytes.utf8(base.toString());
  }
}
