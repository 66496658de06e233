package org.interseal.crypto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KeyVault} in one PKCS#12 file, owner-only, replaced atomically and synced on every
 * change.
 *
 * <p>Every key is a secret-key entry (see {@code VaultEntry}). The platform's PKCS#12 cannot read
 * an X-Wing private key back, and a private-key entry would need a certificate that says nothing.
 * All keys are read once, when the vault is opened; reading them is then a look-up that any number
 * of threads may do. One process at a time may change a file.
 */
public final class Pkcs12KeyVault implements KeyVault {
  private static final Pattern ALIAS = Pattern.compile("[a-z0-9.-]{1,64}");
  private static final String STORE_TYPE = "PKCS12";
  private static final String ENTRY_ALGORITHM =
      "AES"; // a name that PKCS#12 can carry; the kind is inside
  private static final long MAX_FILE_BYTES = 16L * 1024 * 1024;

  private final Path file;
  private final char[] passphrase;
  private final KeyStore store;
  private final Map<String, Object> keys = new ConcurrentSkipListMap<>();

  private Pkcs12KeyVault(Path file, char[] passphrase, KeyStore store) {
    this.file = file;
    this.passphrase = passphrase.clone();
    this.store = store;
  }

  /**
   * Opens the file, or makes it when it is absent. A wrong passphrase is an {@link IOException}
   * that says so.
   */
  public static Pkcs12KeyVault open(Path file, char[] passphrase) throws IOException {
    Path absolute = file.toAbsolutePath();
    try {
      KeyStore store = KeyStore.getInstance(STORE_TYPE);
      Pkcs12KeyVault vault = new Pkcs12KeyVault(absolute, passphrase, store);
      if (Files.exists(absolute)) {
        vault.load();
      } else {
        store.load(null, passphrase);
        vault.replaceFile();
      }
      return vault;
    } catch (GeneralSecurityException e) {
      throw new IOException("the key vault " + file + " cannot be read", e);
    }
  }

  private void load() throws IOException, GeneralSecurityException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException("too large for a key vault: " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, passphrase);
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new IOException("wrong passphrase for the key vault " + file, e);
      }
      throw new IOException("not a readable key vault: " + file, e);
    }
    for (String alias : Collections.list(store.aliases())) {
      Key entry = store.getKey(alias, passphrase);
      if (entry == null) {
        throw new IOException("not a key of this vault: " + alias + " in " + file);
      }
      byte[] encoded = entry.getEncoded();
      try {
        keys.put(alias, VaultEntry.decode(encoded));
      } catch (InvalidKeyMaterial e) {
        throw new IOException("not a key of this vault: " + alias + " in " + file, e);
      } finally {
        Arrays.fill(encoded, (byte) 0);
      }
    }
  }

  @Override
  public List<String> aliases() {
    return List.copyOf(keys.keySet());
  }

  @Override
  public Optional<SigningKey> signingKey(String alias) {
    return find(alias, SigningKey.class);
  }

  @Override
  public Optional<DecryptionKey> decryptionKey(String alias) {
    return find(alias, DecryptionKey.class);
  }

  @Override
  public Optional<SecretKey256> secretKey(String alias) {
    return find(alias, SecretKey256.class);
  }

  /** A key of another kind under this alias counts as none. */
  private <T> Optional<T> find(String alias, Class<T> kind) {
    Object key = keys.get(alias);
    return kind.isInstance(key) ? Optional.of(kind.cast(key)) : Optional.empty();
  }

  @Override
  public void store(String alias, SigningKey key) throws IOException {
    store(alias, VaultEntry.encode(key), key);
  }

  @Override
  public void store(String alias, DecryptionKey key) throws IOException {
    store(alias, VaultEntry.encode(key), key);
  }

  @Override
  public void store(String alias, SecretKey256 key) throws IOException {
    store(alias, VaultEntry.encode(key), key);
  }

  private synchronized void store(String alias, byte[] encoded, Object key) throws IOException {
    if (!ALIAS.matcher(alias).matches()) {
      throw new IllegalArgumentException("not an alias: " + alias);
    }
    if (keys.containsKey(alias)) {
      throw new IllegalStateException("there is a key under this alias already: " + alias);
    }
    change(
        () ->
            store.setKeyEntry(alias, new SecretKeySpec(encoded, ENTRY_ALGORITHM), passphrase, null),
        () -> store.deleteEntry(alias));
    Arrays.fill(encoded, (byte) 0);
    keys.put(alias, key);
  }

  @Override
  public synchronized void delete(String alias) throws IOException {
    if (!keys.containsKey(alias)) {
      return;
    }
    KeyStore.@Nullable Entry[] removed = new KeyStore.Entry[1];
    KeyStore.PasswordProtection protection = new KeyStore.PasswordProtection(passphrase);
    change(
        () -> {
          removed[0] = store.getEntry(alias, protection);
          store.deleteEntry(alias);
        },
        () -> {
          KeyStore.Entry entry = removed[0];
          if (entry != null) {
            store.setEntry(alias, entry, protection);
          }
        });
    keys.remove(alias);
  }

  private interface Change {
    void run() throws GeneralSecurityException;
  }

  /** Applies a change in memory and to the file, or to neither. */
  private void change(Change change, Change undo) throws IOException {
    try {
      change.run();
      try {
        replaceFile();
      } catch (IOException | GeneralSecurityException e) {
        undo.run();
        throw e;
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the key vault " + file + " cannot be changed", e);
    }
  }

  private void replaceFile() throws IOException, GeneralSecurityException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    store.store(content, passphrase);
    OwnerOnlyFile.replace(file, content.toByteArray());
  }

  @Override
  public String toString() {
    return "Pkcs12KeyVault[" + file + "]";
  }
}
