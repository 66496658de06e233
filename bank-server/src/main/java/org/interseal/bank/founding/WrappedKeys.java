package org.interseal.bank.founding;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.KeyWrap;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/**
 * The bank's shared keys as one node can open them: the encryption keys of all epochs, and the
 * ledger's period keys. Only what the bank's certifying key signed counts; the rest is ignored and
 * counted. Thread-safe.
 *
 * <p>Keys of a new epoch are wrapped before the epoch is published, so {@link #refresh} at every
 * change of the bank's own entry in the directory is in time.
 */
public final class WrappedKeys {
  private static final int PAGE = 100;

  private final BankId bank;
  private final Party node;
  private final VerificationKey certifyingKey;
  private final DecryptionKey nodeKey;
  private final StreamReader reader;
  private final Map<KeyId, DecryptionKey> encryption = new ConcurrentHashMap<>();
  private final Map<String, SecretKey256> periods = new ConcurrentHashMap<>();
  private volatile int newestPeriod;
  private volatile String currentPeriod = "";
  private final AtomicLong ignored = new AtomicLong();

  private WrappedKeys(
      Party node, VerificationKey certifyingKey, DecryptionKey nodeKey, Store bankStore) {
    BankId ofNode = node.bank();
    if (ofNode == null) {
      throw new IllegalArgumentException("a node belongs to a bank");
    }
    this.bank = ofNode;
    this.node = node;
    this.certifyingKey = certifyingKey;
    this.nodeKey = nodeKey;
    this.reader =
        new StreamReader(
            bankStore, bankStore.append(TableName.WRAPPED_KEYS), node.name(), Position.START);
  }

  /** Reads what is wrapped to the node. */
  public static WrappedKeys open(
      Party node, VerificationKey certifyingKey, DecryptionKey nodeKey, Store bankStore)
      throws StoreUnavailable {
    WrappedKeys keys = new WrappedKeys(node, certifyingKey, nodeKey, bankStore);
    keys.refresh();
    return keys;
  }

  /** Reads on. */
  public synchronized void refresh() throws StoreUnavailable {
    List<Row> rows = reader.poll(PAGE);
    while (!rows.isEmpty()) {
      rows.forEach(this::accept);
      rows = reader.poll(PAGE);
    }
  }

  private void accept(Row row) {
    try {
      WrappedKey key = WrappedKey.verify(row.body(), certifyingKey);
      KeyId own = nodeKey.encryptionKey().id();
      if (!key.bank().equals(bank) || !key.node().equals(node.wire())) {
        ignored.incrementAndGet();
        return;
      }
      if (!key.recipient().equals(own)) {
        // To an earlier key of this node, from before it was given a new vault.
        return;
      }
      Bytes context = WrappedKey.context(bank, node, own, key.kind(), key.name(), key.sequence());
      switch (key.kind()) {
        case ENCRYPTION -> {
          DecryptionKey opened = KeyWrap.unwrapDecryptionKey(key.wrapped(), nodeKey, context);
          if (opened.encryptionKey().id().value().equals(key.name())) {
            encryption.put(opened.encryptionKey().id(), opened);
          } else {
            ignored.incrementAndGet();
          }
        }
        case PERIOD -> {
          periods.put(key.name(), KeyWrap.unwrapSecretKey(key.wrapped(), nodeKey, context));
          if (key.sequence() > newestPeriod) {
            newestPeriod = key.sequence();
            currentPeriod = key.name();
          }
        }
      }
    } catch (CryptoFailure | MalformedMessage e) {
      ignored.incrementAndGet();
    }
  }

  /**
   * The private key for a recipient key id, of any epoch, as far as was read. Does not look into
   * the store: ids come from strangers' envelopes.
   */
  public Optional<DecryptionKey> decryptionKey(KeyId id) {
    return Optional.ofNullable(encryption.get(id));
  }

  /** Ids of all encryption keys that this node holds. */
  public List<KeyId> encryptionKeys() {
    return List.copyOf(encryption.keySet());
  }

  /** The newest period; empty text before any was wrapped to this node. */
  public String currentPeriod() {
    return currentPeriod;
  }

  /** The key of a period; the store is asked again before "none" is said. */
  public Optional<SecretKey256> periodKey(String period) throws StoreUnavailable {
    SecretKey256 known = periods.get(period);
    if (known == null) {
      refresh();
      known = periods.get(period);
    }
    return Optional.ofNullable(known);
  }

  /** How many rows were not the bank's own statements to this node. */
  public long ignored() {
    return ignored.get();
  }
}
