package org.interseal.crypto;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.interseal.identity.Party;

/** The signed and padded inside of an envelope (docs/reference/envelope.md, "The letter"). */
final class LetterCodec {
  /** The protected {@code typ} of every letter. */
  static final String TYPE = "interseal-letter";

  private static final int KIBI = 1024;

  /**
   * Padded sizes in bytes. An ordinary instruction of 700 bytes lands in the second; the last is
   * the largest whose sealed form stays within 256 KiB.
   */
  private static final int[] PADDED_SIZES = {
    KIBI, 2 * KIBI, 4 * KIBI, 8 * KIBI, 16 * KIBI, 32 * KIBI, 64 * KIBI, 128 * KIBI, 190 * KIBI
  };

  private static final byte PADDING_MARK = (byte) 0x80; // ISO/IEC 7816-4

  private static final int MAX_PARTY_LENGTH = 96;

  private LetterCodec() {}

  /** Signed, then padded. An over-long body is an {@link IllegalArgumentException}. */
  static byte[] encode(Letter letter, SigningKey author) {
    byte[] header = CompactJws.ascii(header(letter, author.verificationKey()));
    int length = CompactJws.length(header.length, letter.body().size());
    byte[] padded = new byte[paddedSize(length)];
    CompactJws.signInto(padded, header, letter.body().shared(), author);
    padded[length] = PADDING_MARK;
    return padded;
  }

  private static String header(Letter letter, VerificationKey author) {
    return "{\"alg\":\""
        + author.algorithm().joseName()
        + "\",\"kid\":\""
        + author.id().value()
        + "\",\"typ\":\""
        + TYPE
        + "\",\"v\":1,\"iss\":\""
        + letter.author().wire()
        + "\",\"aud\":\""
        + letter.recipient().wire()
        + "\",\"mty\":\""
        + letter.type()
        + "\",\"mid\":\""
        + letter.messageId().toBase64Url()
        + "\",\"num\":"
        + letter.number()
        + ",\"iat\":"
        + letter.createdAt().toEpochMilli()
        + ",\"exp\":"
        + letter.expiresAt().toEpochMilli()
        + "}";
  }

  /** The smallest size that holds {@code length} bytes and the mark. */
  private static int paddedSize(int length) {
    for (int size : PADDED_SIZES) {
      if (length < size) {
        return size;
      }
    }
    throw new IllegalArgumentException(
        "a body that no envelope holds: " + length + " bytes once signed");
  }

  static boolean isPaddedSize(int size) {
    return Arrays.binarySearch(PADDED_SIZES, size) >= 0;
  }

  /**
   * Where the content of {@code padded} ends; refuses any padding but the one that {@link #encode}
   * writes.
   */
  private static int contentLength(byte[] padded) throws CryptoFailure {
    int end = padded.length - 1;
    while (end > 0 && padded[end] == 0) {
      end--;
    }
    if (padded[end] != PADDING_MARK || paddedSize(end) != padded.length) {
      throw new CryptoFailure(CryptoFailure.Reason.BAD_PADDING);
    }
    return end;
  }

  /**
   * A letter with the claims of its header, and what its signature is still to be verified with.
   */
  private record Claimed(Letter letter, String algorithm, KeyId key) {}

  /** Unpads, finds the author's key and verifies. */
  static OpenedLetter decode(byte[] padded, AuthorKeys authors, int partition)
      throws CryptoFailure {
    int length = contentLength(padded);
    CompactJws jws;
    Claimed claimed;
    try {
      jws = CompactJws.parse(padded, length);
      claimed = parse(jws);
    } catch (IllegalArgumentException e) {
      throw new CryptoFailure(CryptoFailure.Reason.MALFORMED);
    }
    Optional<VerificationKey> key = authors.find(claimed.letter, claimed.key);
    if (key.isEmpty() || !key.get().id().equals(claimed.key)) {
      throw new CryptoFailure(CryptoFailure.Reason.UNKNOWN_AUTHOR);
    }
    // The key decides the algorithm; a header that says otherwise is no signature of this key.
    if (!key.get().algorithm().joseName().equals(claimed.algorithm) || !jws.verifies(key.get())) {
      throw new CryptoFailure(CryptoFailure.Reason.BAD_SIGNATURE);
    }
    return new OpenedLetter(claimed.letter, claimed.key, partition);
  }

  private static Claimed parse(CompactJws jws) throws CryptoFailure {
    CanonicalReader reader = new CanonicalReader(jws.header());
    reader.expect("{\"alg\":\"");
    String algorithm = reader.text(16);
    reader.expect("\",\"kid\":\"");
    KeyId key = new KeyId(reader.text(43));
    reader.expect("\",\"typ\":\"" + TYPE + "\",\"v\":");
    if (reader.number(Integer.MAX_VALUE) != Envelope.VERSION) {
      throw new CryptoFailure(CryptoFailure.Reason.UNSUPPORTED_VERSION);
    }
    reader.expect(",\"iss\":\"");
    Party author = Party.parse(reader.text(MAX_PARTY_LENGTH));
    reader.expect("\",\"aud\":\"");
    Party recipient = Party.parse(reader.text(MAX_PARTY_LENGTH));
    reader.expect("\",\"mty\":\"");
    String type = reader.text(64);
    reader.expect("\",\"mid\":\"");
    Bytes messageId = Bytes.base64Url(reader.text(22));
    reader.expect("\",\"num\":");
    long number = reader.number(Letter.MAX_NUMBER);
    reader.expect(",\"iat\":");
    Instant createdAt = Instant.ofEpochMilli(reader.number(Letter.MAX_NUMBER));
    reader.expect(",\"exp\":");
    Instant expiresAt = Instant.ofEpochMilli(reader.number(Letter.MAX_NUMBER));
    reader.expect("}");
    reader.expectEnd();
    Letter letter =
        new Letter(
            author,
            recipient,
            type,
            messageId,
            number,
            createdAt,
            expiresAt,
            Bytes.owning(jws.payload()));
    return new Claimed(letter, algorithm, key);
  }
}
