package org.interseal.crypto;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where a process keeps its private keys. PKCS#12 files by default, an HSM later.
 *
 * <p>Aliases are {@code [a-z0-9.-]{1,64}}. Nothing is overwritten: storing under an alias that is
 * taken is an {@link IllegalStateException} until it was deleted. Looking a key up under an alias
 * that holds another kind of key finds nothing. Safe for concurrent use.
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

  /** Durable when it returns. An alias that is not there is fine. */
  void delete(String alias) throws IOException;
}
