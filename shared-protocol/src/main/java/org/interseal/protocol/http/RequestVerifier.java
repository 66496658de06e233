package org.interseal.protocol.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.VerificationKey;
import org.interseal.protocol.http.RequestVerdict.Authentic;
import org.interseal.protocol.http.RequestVerdict.Reason;
import org.interseal.protocol.http.RequestVerdict.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signed requests. Thread-safe, no I/O.
 *
 * <h2>Security guarantees</h2>
 *
 * <ul>
 *   <li>An authentic verdict means that the holder of the key signed exactly this method, path,
 *       query and body within the last minute (and the tolerance for clocks).
 *   <li>Only the documented form is read; another order, another label, other parameters, a second
 *       value of a header, lenient base64 and unsigned bodies are rejected.
 *   <li>The key decides the algorithm; {@code alg} only has to agree.
 * </ul>
 *
 * <p>Not guaranteed: that a request comes once. Within its minute it can be replayed; every
 * operation must be harmless when repeated.
 */
public final class RequestVerifier {
  private static final int MAX_HEADER_LENGTH = 1_024;

  /** Bound of the cache of parsed keys; when full it starts over. */
  private static final int MAX_CACHED_KEYS = 20_000;

  private static final Pattern INPUT =
      Pattern.compile(
          SignatureForm.LABEL
              + "=(\\(\"@method\" \"@path\" \"@query\"( \"content-digest\")?\\)"
              + ";created=([1-9][0-9]{0,11});expires=([1-9][0-9]{0,11});nonce=\"([A-Za-z0-9_-]{16,64})\""
              + ";alg=\"(ed25519|ecdsa-p256-sha256)\";keyid=\"([A-Za-z0-9_-]{43})\";tag=\""
              + SignatureForm.TAG
              + "\")");

  private final InstantSource clock;
  private final ConcurrentHashMap<String, VerificationKey> keys = new ConcurrentHashMap<>();

  public RequestVerifier(InstantSource clock) {
    this.clock = clock;
  }

  /** Whose request this is, or why it is nobody's. */
  public RequestVerdict verify(ReceivedRequest request) {
    try {
      return verifyOrThrow(request);
    } catch (RejectedRequest e) {
      return new Rejected(e.reason);
    }
  }

  /**
   * Which device a request says it comes from, going by its key alone; nothing is verified. Empty
   * when the header is missing or no byte sequence.
   */
  public static Optional<String> claimedDevice(@Nullable String keyHeader) {
    if (keyHeader == null || keyHeader.length() > MAX_HEADER_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(KeyId.ofSpki(byteSequence(keyHeader)).value());
    } catch (RejectedRequest e) {
      return Optional.empty();
    }
  }

  private Authentic verifyOrThrow(ReceivedRequest request) throws RejectedRequest {
    String keyHeader = single(request, SignatureForm.KEY);
    Matcher input = INPUT.matcher(single(request, SignatureForm.SIGNATURE_INPUT));
    Bytes signature = signature(single(request, SignatureForm.SIGNATURE));
    if (!input.matches()) {
      throw new RejectedRequest(Reason.MALFORMED);
    }
    checkTimes(Long.parseLong(input.group(3)), Long.parseLong(input.group(4)));
    VerificationKey key = key(keyHeader);
    if (!key.id().value().equals(input.group(7))
        || !SignatureForm.algorithmName(key.algorithm()).equals(input.group(6))) {
      throw new RejectedRequest(Reason.WRONG_KEY);
    }
    String digest = checkDigest(request, input.group(2) != null);
    Bytes base =
        SignatureForm.base(
            request.method(), request.rawPath(), request.rawQuery(), digest, input.group(1));
    if (!key.verifies(base, signature)) {
      throw new RejectedRequest(Reason.BAD_SIGNATURE);
    }
    return new Authentic(key.id().value(), key);
  }

  private static @Nullable String checkDigest(ReceivedRequest request, boolean digestSigned)
      throws RejectedRequest {
    if (!digestSigned) {
      if (request.body().size() > 0) {
        throw new RejectedRequest(Reason.WRONG_DIGEST);
      }
      return null;
    }
    String digest = single(request, SignatureForm.CONTENT_DIGEST);
    if (!digest.equals(SignatureForm.contentDigest(request.body()))) {
      throw new RejectedRequest(Reason.WRONG_DIGEST);
    }
    return digest;
  }

  private void checkTimes(long created, long expires) throws RejectedRequest {
    Instant now = clock.instant();
    if (expires <= created || expires - created > SignatureForm.MAX_LIFE.toSeconds()) {
      throw new RejectedRequest(Reason.LIVES_TOO_LONG);
    }
    if (!now.isBefore(Instant.ofEpochSecond(expires))) {
      throw new RejectedRequest(Reason.EXPIRED);
    }
    if (Instant.ofEpochSecond(created).isAfter(now.plus(SignatureForm.CLOCK_TOLERANCE))) {
      throw new RejectedRequest(Reason.NOT_YET_VALID);
    }
  }

  private VerificationKey key(String header) throws RejectedRequest {
    VerificationKey cached = keys.get(header);
    if (cached != null) {
      return cached;
    }
    VerificationKey key;
    try {
      key = VerificationKey.fromSpki(byteSequence(header));
    } catch (InvalidKeyMaterial e) {
      throw new RejectedRequest(Reason.WRONG_KEY);
    }
    if (keys.size() >= MAX_CACHED_KEYS) {
      keys.clear();
    }
    keys.put(header, key);
    return key;
  }

  private static Bytes signature(String header) throws RejectedRequest {
    String prefix = SignatureForm.LABEL + "=";
    if (!header.startsWith(prefix)) {
      throw new RejectedRequest(Reason.MALFORMED);
    }
    Bytes signature = byteSequence(header.substring(prefix.length()));
    if (signature.size() != 64) {
      throw new RejectedRequest(Reason.MALFORMED);
    }
    return signature;
  }

  private static String single(ReceivedRequest request, String name) throws RejectedRequest {
    List<String> values = request.headers().apply(name);
    if (values.isEmpty()) {
      throw new RejectedRequest(Reason.MISSING);
    }
    String value = values.getFirst();
    if (values.size() > 1 || value.length() > MAX_HEADER_LENGTH) {
      throw new RejectedRequest(Reason.MALFORMED);
    }
    return value;
  }

  /** Canonical, padded base64 between colons; any other spelling is rejected. */
  private static Bytes byteSequence(String text) throws RejectedRequest {
    if (text.length() < 2 || text.charAt(0) != ':' || text.charAt(text.length() - 1) != ':') {
      throw new RejectedRequest(Reason.MALFORMED);
    }
    try {
      Bytes value = Bytes.of(Base64.getDecoder().decode(text.substring(1, text.length() - 1)));
      if (!SignatureForm.byteSequence(value).equals(text)) {
        throw new RejectedRequest(Reason.MALFORMED);
      }
      return value;
    } catch (IllegalArgumentException e) {
      throw new RejectedRequest(Reason.MALFORMED);
    }
  }

  private static final class RejectedRequest extends Exception {
    private static final long serialVersionUID = 1L;
    private final Reason reason;

    RejectedRequest(Reason reason) {
      super(reason.name(), null, false, false);
      this.reason = reason;
    }
  }
}
