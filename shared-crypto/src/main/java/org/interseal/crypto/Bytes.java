package org.interseal.crypto;

import com.google.errorprone.annotations.Immutable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** An immutable sequence of bytes that are not secret. Equality is by content. */
@Immutable
public final class Bytes implements Comparable<Bytes> {
  @SuppressWarnings("Immutable") // never handed out and never written after construction
  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Copies {@code value}. */
  public static Bytes of(byte[] value) {
    return new Bytes(value.clone());
  }

  /** Takes {@code value} over without a copy: the caller never touches it again. */
  static Bytes owning(byte[] value) {
    return new Bytes(value);
  }

  /** The array itself, for reading only: spares the hot path a copy. */
  byte[] shared() {
    return value;
  }

  /** The UTF-8 encoding of {@code text}. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads lower- or upper-case hexadecimal. */
  public static Bytes hex(String hex) {
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /**
   * Reads unpadded base64url (RFC 4648 section 5) strictly: padding, other characters, or non-zero
   * trailing bits are an {@link IllegalArgumentException}, so one value has one spelling.
   */
  public static Bytes base64Url(String text) {
    return new Bytes(StrictBase64Url.decode(text));
  }

  /** SHA-256 over the concatenation of {@code parts}. */
  public static Bytes sha256(Bytes... parts) {
    MessageDigest digest = sha256Digest();
    for (Bytes part : parts) {
      digest.update(part.value);
    }
    return new Bytes(digest.digest());
  }

  /**
   * SHA-256 over {@code fields} with each field's length before it, so that no two different lists
   * of fields hash the same input.
   */
  public static Bytes sha256OfFields(String domain, Bytes... fields) {
    MessageDigest digest = sha256Digest();
    updateField(digest, domain.getBytes(StandardCharsets.UTF_8));
    for (Bytes field : fields) {
      updateField(digest, field.value);
    }
    return new Bytes(digest.digest());
  }

  private static void updateField(MessageDigest digest, byte[] field) {
    int n = field.length;
    digest.update(new byte[] {(byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n});
    digest.update(field);
  }

  private static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A copy. */
  public byte[] toArray() {
    return value.clone();
  }

  public int size() {
    return value.length;
  }

  public String toHex() {
    return HexFormat.of().formatHex(value);
  }

  /** Unpadded base64url. */
  public String toBase64Url() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
  }

  /** The text whose UTF-8 encoding this is; malformed sequences become U+FFFD. */
  public String toUtf8() {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** The first {@code length} bytes. */
  public Bytes prefix(int length) {
    return new Bytes(Arrays.copyOf(value, Math.min(length, value.length)));
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object o) {
    return o instanceof Bytes other && Arrays.equals(value, other.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Hexadecimal, cut after 16 bytes. */
  @Override
  public String toString() {
    return value.length <= 16 ? toHex() : prefix(16).toHex() + "…(" + value.length + " bytes)";
  }
}
