package org.interseal.bank.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * The keys that a bank's servers share, in the founding vault: {@code encryption-<epoch>} and
 * {@code period-<n>}. Wraps those to a server that it does not have yet, and the latter to the
 * bank's recovery key.
 */
final class SharedKeys {
  private static final String ENCRYPTION = "encryption-";
  private static final String PERIOD = "period-";
  private static final String TOLD_FILE = "periods.json";

  private final BankId bank;
  private final KeyVault vault;
  private final Path directory;
  private final SecureRandom random;

  /**
   * @param directory where public parts are kept beside the vault
   */
  SharedKeys(BankId bank, KeyVault vault, Path directory, SecureRandom random) {
    this.bank = bank;
    this.vault = vault;
    this.directory = directory;
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

  Optional<SecretKey256> period(String name) {
    return vault.secretKey(PERIOD + name);
  }

  /** The highest period that has a key in the vault, begun or not. */
  int newestPeriod() {
    return numbers(PERIOD).stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  void makePeriod(int period) throws IOException {
    vault.store(PERIOD + period, SecretKey256.generate(random));
  }

  /**
   * What every server has been told.
   *
   * @param current the period that is written
   * @param retired keys up to this one are destroyed at servers
   */
  record Told(int current, int retired) {
    static final Told FIRST = new Told(1, 0);

    boolean covers(Told other) {
      return current >= other.current && retired >= other.retired;
    }

    Told and(Told other) {
      return new Told(Math.max(current, other.current), Math.max(retired, other.retired));
    }
  }

  /** The file is written once every server of that moment has its statement. */
  Told told() throws IOException {
    Path file = directory.resolve(TOLD_FILE);
    if (!Files.exists(file)) {
      return Told.FIRST;
    }
    try {
      return ProtocolJson.decode(Files.readString(file), Told.class);
    } catch (MalformedMessage e) {
      throw new IOException("not what the servers were told of periods: " + file, e);
    }
  }

  void keepTold(Told told) throws IOException {
    Path file = directory.resolve(TOLD_FILE);
    Path part = file.resolveSibling(TOLD_FILE + ".part");
    Files.writeString(part, ProtocolJson.encodeText(told));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
   * Somebody to wrap to.
   *
   * @param wire as statements name it
   * @param stream of {@code wrapped_keys}
   */
  private record Holder(String wire, String stream, EncryptionKey key) {
    static Holder of(Party server, EncryptionKey key) {
      return new Holder(server.wire(), server.name(), key);
    }
  }

  /** What a holder's stream has. */
  private record Found(Set<Name> names, Told told) {}

  /**
   * Wraps every shared key to the server, unless a statement of ours to this very key of it is
   * there. Keys of periods that are retired are wrapped to no one.
   */
  void wrapMissing(Party server, EncryptionKey recipient, SigningKey certifying, Store bankStore)
      throws IOException, StoreUnavailable {
    Holder holder = Holder.of(server, recipient);
    Found there = found(holder, certifying, bankStore);
    for (int epoch : numbers(ENCRYPTION)) {
      DecryptionKey key = vault.decryptionKey(ENCRYPTION + epoch).orElseThrow();
      Name name = new Name(WrappedKey.Kind.ENCRYPTION, key.encryptionKey().id().value());
      if (!there.names().contains(name)) {
        Bytes sealed = KeyWrap.wrap(key, recipient, context(holder, name, epoch), random);
        publish(holder, name, epoch, sealed, certifying, bankStore);
      }
    }
    wrapPeriods(holder, there, certifying, bankStore);
    // Last: whoever is told of a period has its key.
    tell(server, there, told(), certifying, bankStore);
  }

  /** Wraps every period key to the recovery key, where there is one. */
  void wrapToRecovery(SigningKey certifying, Store bankStore) throws IOException, StoreUnavailable {
    Optional<EncryptionKey> recovery = RecoveryKey.known(directory);
    if (recovery.isPresent()) {
      Holder holder = new Holder(RecoveryKey.wire(bank), RecoveryKey.STREAM, recovery.get());
      wrapPeriods(holder, found(holder, certifying, bankStore), certifying, bankStore);
    }
  }

  private void wrapPeriods(Holder holder, Found there, SigningKey certifying, Store bankStore)
      throws IOException {
    boolean server = !holder.stream().equals(RecoveryKey.STREAM);
    int retired = server ? told().retired() : 0;
    for (int period : numbers(PERIOD)) {
      SecretKey256 key = vault.secretKey(PERIOD + period).orElseThrow();
      Name name = new Name(WrappedKey.Kind.PERIOD, Integer.toString(period));
      if (period > retired && !there.names().contains(name)) {
        Bytes sealed = KeyWrap.wrap(key, holder.key(), context(holder, name, period), random);
        publish(holder, name, period, sealed, certifying, bankStore);
      }
    }
  }

  /** Tells a server which periods are in force, unless it was told so or more. */
  void tell(
      Party server, EncryptionKey recipient, Told what, SigningKey certifying, Store bankStore)
      throws IOException, StoreUnavailable {
    Holder holder = Holder.of(server, recipient);
    tell(server, found(holder, certifying, bankStore), what, certifying, bankStore);
  }

  private void tell(Party server, Found there, Told what, SigningKey certifying, Store bankStore)
      throws IOException {
    if (!there.told().covers(what)) {
      String body =
          new PeriodsInForce(
                  PeriodsInForce.VERSION, bank, server.wire(), what.current(), what.retired())
              .sign(certifying);
      Publishing.insert(
          bankStore,
          TableName.WRAPPED_KEYS,
          attempt -> WrappedKey.row(server.name(), body, attempt));
    }
  }

  private Bytes context(Holder holder, Name name, int sequence) {
    return WrappedKey.context(
        bank, holder.wire(), holder.key().id(), name.kind, name.name, sequence);
  }

  private void publish(
      Holder holder, Name name, int sequence, Bytes sealed, SigningKey certifying, Store bankStore)
      throws IOException {
    String body =
        new WrappedKey(
                WrappedKey.VERSION,
                bank,
                holder.wire(),
                holder.key().id(),
                name.kind,
                name.name,
                sequence,
                sealed)
            .sign(certifying);
    Publishing.insert(
        bankStore,
        TableName.WRAPPED_KEYS,
        attempt -> WrappedKey.row(holder.stream(), body, attempt));
  }

  /**
   * What the holder's stream says to this key of it. Rows that we did not sign count for nothing.
   */
  private Found found(Holder holder, SigningKey certifying, Store bankStore)
      throws StoreUnavailable {
    Set<Name> names = new HashSet<>();
    Told told = Told.FIRST;
    Position at = Position.START;
    while (true) {
      List<Row> page =
          bankStore
              .append(TableName.WRAPPED_KEYS)
              .readAfter(holder.stream(), at, StoreLimits.MAX_ROWS);
      if (page.isEmpty()) {
        return new Found(names, told);
      }
      for (Row row : page) {
        wrapped(row, holder, certifying).ifPresent(names::add);
        told = told.and(toldBy(row, holder, certifying));
      }
      at = page.getLast().position();
    }
  }

  private Optional<Name> wrapped(Row row, Holder holder, SigningKey certifying) {
    try {
      WrappedKey key = WrappedKey.verify(row.body(), certifying.verificationKey());
      boolean toHolder =
          key.bank().equals(bank)
              && key.node().equals(holder.wire())
              && key.recipient().equals(holder.key().id());
      return toHolder ? Optional.of(new Name(key.kind(), key.name())) : Optional.empty();
    } catch (CryptoFailure | MalformedMessage notOurs) {
      // Another statement, or somebody else's row in this stream. Its readers ignore and count it.
      return Optional.empty();
    }
  }

  private Told toldBy(Row row, Holder holder, SigningKey certifying) {
    try {
      PeriodsInForce said = PeriodsInForce.verify(row.body(), certifying.verificationKey());
      return said.bank().equals(bank) && said.node().equals(holder.wire())
          ? new Told(said.current(), said.retired())
          : Told.FIRST;
    } catch (CryptoFailure | MalformedMessage notOurs) {
      return Told.FIRST;
    }
  }
}
