package org.interseal.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Thousands of private keys in one file under one key, for a process that plays many devices. A
 * {@link Pkcs12KeyVault} spends a key derivation per entry, which is right for a person's few keys
 * and takes minutes for thousands.
 *
 * <p>The file is {@code nonce || AES-256-GCM(entries)}, owner-only, replaced atomically and synced
 * by {@link #save}. Not thread-safe.
 */
public final class SealedKeyRing {
  private static final Bytes CONTEXT = Bytes.utf8("interseal key ring v1");
  private static final int MAX_ALIAS_BYTES = 255;

  private final Path file;
  private final SecretKey256 key;
  private final SecureRandom random;
  private final Map<String, Object> keys = new TreeMap<>();

  private SealedKeyRing(Path file, SecretKey256 key, SecureRandom random) {
    this.file = file.toAbsolutePath();
    this.key = key;
    this.random = random;
  }

  /** Opens the file; an absent one is an empty ring. */
  public static SealedKeyRing open(Path file, SecretKey256 key, SecureRandom random)
      throws IOException {
    SealedKeyRing ring = new SealedKeyRing(file, key, random);
    if (Files.exists(ring.file)) {
      try {
        ring.read(key.decrypt(Bytes.owning(Files.readAllBytes(ring.file)), CONTEXT).shared());
      } catch (CryptoFailure | InvalidKeyMaterial | java.nio.BufferUnderflowException e) {
        throw new IOException("not a key ring under this key: " + file, e);
      }
    }
    return ring;
  }

  private void read(byte[] plain) throws InvalidKeyMaterial {
    ByteBuffer in = ByteBuffer.wrap(plain);
    while (in.hasRemaining()) {
      byte[] alias = new byte[in.get() & 0xff];
      in.get(alias);
      byte[] entry = new byte[VaultEntry.BYTES];
      in.get(entry);
      keys.put(new String(alias, StandardCharsets.US_ASCII), VaultEntry.decode(entry));
    }
    Arrays.fill(plain, (byte) 0);
  }

  public Optional<SigningKey> signingKey(String alias) {
    return keys.get(alias) instanceof SigningKey found ? Optional.of(found) : Optional.empty();
  }

  public Optional<DecryptionKey> decryptionKey(String alias) {
    return keys.get(alias) instanceof DecryptionKey found ? Optional.of(found) : Optional.empty();
  }

  /** Durable only after {@link #save}. */
  public void put(String alias, SigningKey signingKey) {
    keys.put(requireAlias(alias), signingKey);
  }

  /** Durable only after {@link #save}. */
  public void put(String alias, DecryptionKey decryptionKey) {
    keys.put(requireAlias(alias), decryptionKey);
  }

  private static String requireAlias(String alias) {
    if (alias.isEmpty()
        || alias.length() > MAX_ALIAS_BYTES
        || !StandardCharsets.US_ASCII.newEncoder().canEncode(alias)) {
      throw new IllegalArgumentException("not an alias: " + alias);
    }
    return alias;
  }

  /** Durable when it returns. */
  public void save() throws IOException {
    ByteBuffer out = ByteBuffer.allocate(keys.size() * (1 + MAX_ALIAS_BYTES + VaultEntry.BYTES));
    keys.forEach((alias, value) -> {
      byte[] name = alias.getBytes(StandardCharsets.US_ASCII);
      byte[] entry =
          value instanceof SigningKey signing
              ? VaultEntry.encode(signing)
              : VaultEntry.encode((DecryptionKey) value);
      out.put((byte) name.length).put(name).put(entry);
      Arrays.fill(entry, (byte) 0);
    });
    byte[] plain = Arrays.copyOf(out.array(), out.position());
    Bytes sealed = key.encrypt(Bytes.owning(plain), CONTEXT, random);
    Arrays.fill(plain, (byte) 0);
    Arrays.fill(out.array(), (byte) 0);
    OwnerOnlyFile.replace(file, sealed.shared());
  }

  @Override
  public String toString() {
    return "SealedKeyRing[" + file + "]";
  }
}
