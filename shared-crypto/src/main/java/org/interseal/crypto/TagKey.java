package org.interseal.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * A secret that one writer shares with one reader, so that the reader knows the writer's rows
 * before it opens them, at the price of a hash: SipHash-2-4 with 128 bits (Aumasson and Bernstein,
 * 2012).
 *
 * <h2>Security guarantees</h2>
 *
 * <ul>
 *   <li>Without the key nobody makes the tag of a text whose tag was not seen, but by guessing 128
 *       bits.
 *   <li>Tags of different texts look independent: without the key they do not show who made them,
 *       or that one writer made two of them.
 * </ul>
 *
 * <p>Not guaranteed: anything about the content. A tag decides what is looked at first, never what
 * is believed.
 */
public final class TagKey {
  /** Of a tag. */
  public static final int TAG_BYTES = 16;

  static final int KEY_BYTES = 16;

  private final byte[] key;

  private TagKey(byte[] key) {
    this.key = key.clone();
  }

  public static TagKey generate(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new TagKey(key);
  }

  static TagKey ofSecret(byte[] key) throws InvalidKeyMaterial {
    if (key.length != KEY_BYTES) {
      throw new InvalidKeyMaterial("not a tag key");
    }
    return new TagKey(key);
  }

  /** The tag of a text. */
  public Bytes tag(Bytes text) {
    return Bytes.owning(compute(text));
  }

  /** In constant time. */
  public boolean tagged(Bytes text, Bytes tag) {
    return MessageDigest.isEqual(compute(text), tag.shared());
  }

  private byte[] compute(Bytes text) {
    SipHash128 hash = new SipHash128();
    hash.init(new KeyParameter(key));
    byte[] bytes = text.shared();
    hash.update(bytes, 0, bytes.length);
    byte[] tag = new byte[TAG_BYTES];
    hash.doFinal(tag, 0);
    return tag;
  }

  /** A copy, for wrapping alone. */
  byte[] secret() {
    return key.clone();
  }

  /** In constant time. */
  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof TagKey other && MessageDigest.isEqual(key, other.key);
  }

  @Override
  public int hashCode() {
    return 1;
  }

  @Override
  public String toString() {
    return "TagKey[secret]";
  }
}
