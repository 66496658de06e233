package org.interseal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.interseal.identity.Party;

/**
 * The one envelope format: signed, padded, then encrypted to one recipient
 * (docs/reference/envelope.md).
 *
 * <p>JWE compact serialisation (RFC 7516) of HPKE integrated encryption (RFC 9180) around a JWS.
 * Every envelope has exactly one spelling; whatever is not that spelling is refused.
 */
public final class Envelope {
  /**
   * The version that this class writes, and the only one that it reads. One version fixes one
   * suite.
   */
  public static final int VERSION = 1;

  /** Longest final envelope, in characters: the sealed form of the largest padded size fits. */
  public static final int MAX_LENGTH = 256 * 1024;

  /** Every body up to this many bytes fits into an envelope, whoever writes to whom. */
  public static final int MAX_BODY_BYTES = 140 * 1024;

  /** How far ahead of ours an author's clock may be. */
  public static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  private static final byte[] INFO = CompactJws.ascii("interseal envelope v1");
  private static final String HEADER_START =
      "{\"alg\":\"interseal.HPKE-XWING-SHA256-AES256GCM\",\"v\":";
  private static final int MAX_HEADER_LENGTH = 192;
  private static final int TAG_BYTES = 16;
  private static final int ENCAPSULATED_LENGTH =
      StrictBase64Url.encodedLength(KeyEncodings.X_WING_ENCAPSULATED_BYTES);

  private Envelope() {}

  /**
   * Signs and seals.
   *
   * @param partition the recipient's ledger partition, 0 or more
   * @throws IllegalArgumentException when the body is longer than an envelope holds
   */
  public static String seal(
      Letter letter,
      SigningKey author,
      EncryptionKey recipient,
      int partition,
      SecureRandom random) {
    if (partition < 0) {
      throw new IllegalArgumentException("not a partition: " + partition);
    }
    return encrypt(LetterCodec.encode(letter, author), recipient, partition, random);
  }

  /** The outer half of {@link #seal}. */
  static String encrypt(
      byte[] padded, EncryptionKey recipient, int partition, SecureRandom random) {
    byte[] header =
        StrictBase64Url.encode(
            CompactJws.ascii(
                HEADER_START
                    + VERSION
                    + ",\"kid\":\""
                    + recipient.id().value()
                    + "\",\"part\":"
                    + partition
                    + "}"));
    CryptoSuite.Sealed sealed = recipient.seal(INFO, header, padded, random);
    byte[] encapsulated = StrictBase64Url.encode(sealed.encapsulated());
    byte[] ciphertext = StrictBase64Url.encode(sealed.ciphertext());
    byte[] out = new byte[header.length + encapsulated.length + ciphertext.length + 4];
    int at = put(out, 0, header);
    at = put(out, at, encapsulated) + 1; // no initialisation vector: HPKE has its own
    out[at - 1] = '.';
    put(out, at, ciphertext); // and no tag of its own: the ciphertext ends in it
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  private static int put(byte[] out, int at, byte[] part) {
    System.arraycopy(part, 0, out, at, part.length);
    out[at + part.length] = '.';
    return at + part.length + 1;
  }

  /** Reads the outer header without opening; strict about its shape. */
  public static EnvelopeHeader header(String envelope) throws CryptoFailure {
    if (envelope.length() > MAX_LENGTH) {
      throw new CryptoFailure(CryptoFailure.Reason.TOO_LARGE);
    }
    int end = envelope.indexOf('.');
    if (end < 0 || end > MAX_HEADER_LENGTH) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    try {
      return parseHeader(StrictBase64Url.decode(envelope.substring(0, end)));
    } catch (IllegalArgumentException e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
  }

  private static EnvelopeHeader parseHeader(byte[] json) throws CryptoFailure {
    CanonicalReader reader = new CanonicalReader(json);
    reader.expect(HEADER_START);
    int version = (int) reader.number(Integer.MAX_VALUE);
    if (version != VERSION) {
      throw new CryptoFailure(CryptoFailure.Reason.UNSUPPORTED_VERSION);
    }
    reader.expect(",\"kid\":\"");
    KeyId recipient = new KeyId(reader.text(43));
    reader.expect("\",\"part\":");
    int partition = (int) reader.number(Integer.MAX_VALUE);
    reader.expect("}");
    reader.expectEnd();
    return new EnvelopeHeader(version, recipient, partition);
  }

  /**
   * Opens and verifies.
   *
   * <p>Checks everything but expiry when {@code now} is absent: a ledger decides expiry by its own
   * time, in a block.
   *
   * @param keys the private key for a recipient key id
   * @param authors finds the author's key
   * @param recipient whether this party is us
   * @throws CryptoFailure whatever is wrong, with one message for the outside
   */
  public static OpenedLetter open(
      String envelope,
      Function<KeyId, Optional<DecryptionKey>> keys,
      AuthorKeys authors,
      Predicate<Party> recipient,
      Optional<Instant> now)
      throws CryptoFailure {
    EnvelopeHeader header = header(envelope);
    Optional<DecryptionKey> key = keys.apply(header.recipientKey());
    if (key.isEmpty() || !key.get().encryptionKey().id().equals(header.recipientKey())) {
      throw new CryptoFailure(CryptoFailure.Reason.UNKNOWN_RECIPIENT_KEY);
    }
    OpenedLetter opened =
        LetterCodec.decode(decrypt(envelope, key.get()), authors, header.partition());
    if (!recipient.test(opened.letter().recipient())) {
      throw new CryptoFailure(CryptoFailure.Reason.WRONG_RECIPIENT);
    }
    if (now.isPresent()) {
      checkTimes(opened.letter(), now.get());
    }
    return opened;
  }

  private static byte[] decrypt(String envelope, DecryptionKey key) throws CryptoFailure {
    byte[] ascii = CompactJws.ascii(envelope);
    int headerEnd = envelope.indexOf('.');
    int encapsulatedEnd = headerEnd + 1 + ENCAPSULATED_LENGTH;
    int ciphertextStart = encapsulatedEnd + 2;
    int ciphertextEnd = ascii.length - 1;
    if (ciphertextStart >= ciphertextEnd
        || ascii[encapsulatedEnd] != '.'
        || ascii[encapsulatedEnd + 1] != '.'
        || ascii[ciphertextEnd] != '.') {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    byte[] encapsulated;
    byte[] ciphertext;
    try {
      encapsulated = StrictBase64Url.decode(ascii, headerEnd + 1, encapsulatedEnd);
      ciphertext = StrictBase64Url.decode(ascii, ciphertextStart, ciphertextEnd);
    } catch (IllegalArgumentException e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    if (!LetterCodec.isPaddedSize(ciphertext.length - TAG_BYTES)) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    return key.open(encapsulated, INFO, Arrays.copyOf(ascii, headerEnd), ciphertext);
  }

  private static void checkTimes(Letter letter, Instant now) throws CryptoFailure {
    if (!now.isBefore(letter.expiresAt())) {
      throw new CryptoFailure(CryptoFailure.Reason.EXPIRED);
    }
    if (letter.createdAt().isAfter(now.plus(CLOCK_TOLERANCE))) {
      throw new CryptoFailure(CryptoFailure.Reason.NOT_YET_VALID);
    }
  }
}
