package org.interseal.launcher.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SecretKey256;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.OwnerOnlySecret;

/**
 * Keys in a directory that is taken away or handed on: for each bank a vault and its passphrase,
 * readable by the owner alone.
 */
public final class PeriodVault {
  private static final String PERIOD = "period-";

  private PeriodVault() {}

  /** The vault of that bank in the directory; made where it is missing. */
  public static KeyVault make(Path directory, BankId bank, SecureRandom random) throws IOException {
    Path home = directory.resolve(bank.value()).toAbsolutePath();
    Path passphrase = OwnerOnlySecret.ensure(home.resolve("passphrase"), random);
    return Pkcs12KeyVault.open(vault(home), OwnerOnlySecret.read(passphrase).toCharArray());
  }

  /** The vault of that bank in the directory; empty where there is none. */
  public static Optional<KeyVault> open(Path directory, BankId bank) throws IOException {
    Path home = directory.resolve(bank.value()).toAbsolutePath();
    if (!Files.exists(vault(home))) {
      return Optional.empty();
    }
    return Optional.of(
        Pkcs12KeyVault.open(
            vault(home), OwnerOnlySecret.read(home.resolve("passphrase")).toCharArray()));
  }

  private static Path vault(Path home) {
    return home.resolve("vault.p12");
  }

  /** Keeps a period's key, unless it is there. */
  public static void keep(KeyVault vault, String period, SecretKey256 key) throws IOException {
    if (period(vault, period).isEmpty()) {
      vault.store(PERIOD + period, key);
    }
  }

  /** The key of a period in such a vault. */
  public static Optional<SecretKey256> period(KeyVault vault, String period) {
    return vault.secretKey(PERIOD + period);
  }
}
