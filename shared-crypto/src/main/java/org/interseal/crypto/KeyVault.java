package org.interseal.crypto;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a process keeps its private keys. PKCS#12 files by default, an HSM later.
 *
 * <p>Aliases are {@code [a-z0-9.-]{1,64}}. Storing under an alias that is taken replaces it only through
 * {@code replace…}-free deletion; a store call on a taken alias is an {@link IllegalStateException}.
 */
public interface KeyVault {
  List<String> aliases();

  Optional<SigningKey> signingKey(String alias);

  Optional<DecryptionKey> decryptionKey(String alias);

  Optional<SecretKey256> secretKey(String alias);

  /** Durable when it returns. */
  void store(String alias, SigningKey key) throws IOException;

  void store(String alias, DecryptionKey key) throws IOException;

  void store(String alias, SecretKey256 key) throws IOException;

  void delete(String alias) throws IOException;
}
