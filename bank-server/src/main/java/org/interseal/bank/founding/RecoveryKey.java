package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.InvalidKeyMaterial;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * The key by which a bank reads its ledger when everything else is lost, or long after its servers
 * have forgotten a period's key. Its private half is made in a vault of its own, which the operator
 * takes away; the public half stays beside the founding vault, and every period key is wrapped to
 * it.
 */
public final class RecoveryKey {
  /** In the vault that is taken away. */
  public static final String ALIAS = "recovery";

  /** The stream of {@code wrapped_keys}; no node can have that name. */
  static final String STREAM = ".recovery";

  private static final String PUBLIC_FILE = "recovery.spki";
  private static final int PAGE = 100;

  private RecoveryKey() {}

  /** The public half of the key in that vault; made where it is missing. */
  public static EncryptionKey ensure(KeyVault taken, SecureRandom random) throws IOException {
    if (taken.decryptionKey(ALIAS).isEmpty()) {
      taken.store(ALIAS, DecryptionKey.generate(random));
    }
    return taken.decryptionKey(ALIAS).orElseThrow().encryptionKey();
  }

  /** Stands where a node's wire name does. */
  static String wire(BankId bank) {
    return "recovery:" + bank.value() + ":";
  }

  /** What is kept beside the founding vault; empty before the operator has made a recovery key. */
  static Optional<EncryptionKey> known(Path foundingDirectory) throws IOException {
    Path file = foundingDirectory.resolve(PUBLIC_FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(EncryptionKey.fromSpki(Bytes.of(Files.readAllBytes(file))));
    } catch (InvalidKeyMaterial e) {
      throw new IOException("not a recovery key's public half: " + file, e);
    }
  }

  static void keep(Path foundingDirectory, EncryptionKey key) throws IOException {
    Path file = foundingDirectory.resolve(PUBLIC_FILE);
    Path part = file.resolveSibling(PUBLIC_FILE + ".part");
    Files.write(part, key.spki().toArray());
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The rows of a bank's store that wrap its period keys to its recovery keys. */
  public static List<String> wrapped(Store bankStore) throws StoreUnavailable {
    List<String> bodies = new java.util.ArrayList<>();
    Position at = Position.START;
    while (true) {
      List<Row> page = bankStore.append(TableName.WRAPPED_KEYS).readAfter(STREAM, at, PAGE);
      if (page.isEmpty()) {
        return bodies;
      }
      page.forEach(row -> bodies.add(row.body()));
      at = page.getLast().position();
    }
  }

  /**
   * The period keys by name that were wrapped to this recovery key. What the bank did not sign, or
   * wrapped to another one, is left out.
   *
   * @param wrapped rows' bodies as {@link #wrapped} reads them
   * @param recovery from the vault that was taken away
   */
  public static SortedMap<String, SecretKey256> open(
      BankId bank, List<String> wrapped, VerificationKey certifyingKey, DecryptionKey recovery) {
    SortedMap<String, SecretKey256> periods = new TreeMap<>();
    for (String body : wrapped) {
      try {
        WrappedKey key = WrappedKey.verify(body, certifyingKey);
        boolean ours =
            key.bank().equals(bank)
                && key.node().equals(wire(bank))
                && key.recipient().equals(recovery.encryptionKey().id())
                && key.kind() == WrappedKey.Kind.PERIOD;
        if (ours) {
          Bytes context =
              WrappedKey.context(
                  bank, key.node(), key.recipient(), key.kind(), key.name(), key.sequence());
          periods.put(key.name(), KeyWrap.unwrapSecretKey(key.wrapped(), recovery, context));
        }
      } catch (CryptoFailure | MalformedMessage notOurs) {
        // Whoever may write there may leave anything.
      }
    }
    return periods;
  }
}
