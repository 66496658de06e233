package org.interseal.crypto;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A {@link KeyVault} in one PKCS#12 file, owner-only, replaced atomically and synced on every change. */
public final class Pkcs12KeyVault implements KeyVault {
  private Pkcs12KeyVault() {}

  /** Opens the file, or makes it when it is absent. A wrong passphrase is an {@link IOException} that says so. */
  public static Pkcs12KeyVault open(Path file, char[] passphrase) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> aliases() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<SigningKey> signingKey(String alias) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<DecryptionKey> decryptionKey(String alias) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<SecretKey256> secretKey(String alias) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void store(String alias, SigningKey key) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void store(String alias, DecryptionKey key) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void store(String alias, SecretKey256 key) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String alias) throws IOException {
    throw new UnsupportedOperationException();
  }
}
