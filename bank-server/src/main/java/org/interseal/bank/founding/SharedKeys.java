package org.interseal.bank.founding;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * The keys that a bank's servers share, in the founding vault: {@code encryption-<epoch>} and
 * {@code period-<n>}. Wraps those to a server that it does not have yet.
 */
final class SharedKeys {
  private static final String ENCRYPTION = "encryption-";
  private static final String PERIOD = "period-";

  private final BankId bank;
  private final KeyVault vault;
  private final SecureRandom random;

  SharedKeys(BankId bank, KeyVault vault, SecureRandom random) {
    this.bank = bank;
    this.vault = vault;
    this.random = random;
  }

  /** Makes the first ones, where they are missing. */
  void ensureFirst() throws IOException {
    if (newestEpoch() == 0) {
      var _ = makeEpoch(1);
    }
    if (vault.secretKey(PERIOD + 1).isEmpty()) {
      vault.store(PERIOD + 1, SecretKey256.generate(random));
    }
  }

  DecryptionKey makeEpoch(int epoch) throws IOException {
    DecryptionKey made = DecryptionKey.generate(random);
    vault.store(ENCRYPTION + epoch, made);
    return made;
  }

  Optional<DecryptionKey> encryption(int epoch) {
    return vault.decryptionKey(ENCRYPTION + epoch);
  }

  /** The highest epoch that has a key in the vault, published or not; 0 when there is none. */
  int newestEpoch() {
    return numbers(ENCRYPTION).stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private List<Integer> numbers(String prefix) {
    List<Integer> numbers = new ArrayList<>();
    for (String alias : vault.aliases()) {
      if (alias.startsWith(prefix) && alias.length() <= prefix.length() + 9) {
        String number = alias.substring(prefix.length());
        if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
          numbers.add(Integer.parseInt(number));
        }
      }
    }
    return numbers.stream().sorted().toList();
  }

  private record Name(WrappedKey.Kind kind, String name) {}

  /**
   * Wraps every shared key to the server, unless a statement of ours to this very key of it is
   * there.
   */
  void wrapMissing(Party server, EncryptionKey recipient, SigningKey certifying, Store bankStore)
      throws IOException, StoreUnavailable {
    Set<Name> there = wrapped(server, recipient.id(), certifying, bankStore);
    for (int epoch : numbers(ENCRYPTION)) {
      DecryptionKey key = vault.decryptionKey(ENCRYPTION + epoch).orElseThrow();
      Name name = new Name(WrappedKey.Kind.ENCRYPTION, key.encryptionKey().id().value());
      if (!there.contains(name)) {
        Bytes sealed =
            KeyWrap.wrap(key, recipient, context(server, recipient, name, epoch), random);
        publish(server, recipient, name, epoch, sealed, certifying, bankStore);
      }
    }
    for (int period : numbers(PERIOD)) {
      SecretKey256 key = vault.secretKey(PERIOD + period).orElseThrow();
      Name name = new Name(WrappedKey.Kind.PERIOD, Integer.toString(period));
      if (!there.contains(name)) {
        Bytes sealed =
            KeyWrap.wrap(key, recipient, context(server, recipient, name, period), random);
        publish(server, recipient, name, period, sealed, certifying, bankStore);
      }
    }
  }

  private Bytes context(Party server, EncryptionKey recipient, Name name, int sequence) {
    return WrappedKey.context(bank, server, recipient.id(), name.kind, name.name, sequence);
  }

  private void publish(
      Party server,
      EncryptionKey recipient,
      Name name,
      int sequence,
      Bytes sealed,
      SigningKey certifying,
      Store bankStore)
      throws IOException {
    String body =
        new WrappedKey(
                WrappedKey.VERSION,
                bank,
                server.wire(),
                recipient.id(),
                name.kind,
                name.name,
                sequence,
                sealed)
            .sign(certifying);
    Publishing.insert(
        bankStore, TableName.WRAPPED_KEYS, attempt -> WrappedKey.row(server.name(), body, attempt));
  }

  /**
   * What was wrapped to this key of the server before. Rows that we did not sign count for nothing.
   */
  private Set<Name> wrapped(Party server, KeyId recipient, SigningKey certifying, Store bankStore)
      throws StoreUnavailable {
    Set<Name> found = new HashSet<>();
    Position at = Position.START;
    while (true) {
      List<Row> page =
          bankStore
              .append(TableName.WRAPPED_KEYS)
              .readAfter(server.name(), at, StoreLimits.MAX_ROWS);
      if (page.isEmpty()) {
        return found;
      }
      for (Row row : page) {
        try {
          WrappedKey key = WrappedKey.verify(row.body(), certifying.verificationKey());
          if (key.bank().equals(bank)
              && key.node().equals(server.wire())
              && key.recipient().equals(recipient)) {
            found.add(new Name(key.kind(), key.name()));
          }
        } catch (CryptoFailure | MalformedMessage notOurs) {
          // Somebody else's row in this stream. Its readers ignore and count it.
        }
      }
      at = page.getLast().position();
    }
  }
}
