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
import org.interseal.crypto.SignedStatement;
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
 * ledger's period keys, less those of retired periods. Only what the bank's certifying key signed
 * counts; the rest is ignored and counted. Thread-safe.
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
  private final Map<String, Period> periods = new ConcurrentHashMap<>();

  // Rise only. Written by one thread at a time, under this object's lock.
  private volatile int inForce = 1;
  private volatile int retired;
  private final AtomicLong ignored = new AtomicLong();

  /** A period's key and its number. */
  private record Period(int number, SecretKey256 key) {}

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
    List<Row> rows = reader.pollAtRest(PAGE);
    while (!rows.isEmpty()) {
      rows.forEach(this::accept);
      rows = reader.poll(PAGE);
    }
  }

  private void accept(Row row) {
    try {
      if (SignedStatement.claimedType(row.body()).equals(PeriodsInForce.STATEMENT_TYPE)) {
        accept(PeriodsInForce.verify(row.body(), certifyingKey));
      } else {
        accept(WrappedKey.verify(row.body(), certifyingKey));
      }
    } catch (CryptoFailure | MalformedMessage e) {
      ignored.incrementAndGet();
    }
  }

  private void accept(PeriodsInForce told) {
    if (!told.bank().equals(bank) || !told.node().equals(node.wire())) {
      ignored.incrementAndGet();
      return;
    }
    inForce = Math.max(inForce, told.current());
    retired = Math.max(retired, told.retired());
    periods.values().removeIf(period -> period.number() <= retired);
  }

  private void accept(WrappedKey key) throws CryptoFailure {
    if (!key.bank().equals(bank) || !key.node().equals(node.wire())) {
      ignored.incrementAndGet();
      return;
    }
    KeyId own = nodeKey.encryptionKey().id();
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
        if (key.sequence() > retired) {
          periods.put(
              key.name(),
              new Period(key.sequence(), KeyWrap.unwrapSecretKey(key.wrapped(), nodeKey, context)));
        }
      }
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

  /**
   * The period that blocks are to be written in; empty text before any was wrapped to this node.
   * Rises with the bank's statements, and with the blocks of servers that read theirs earlier.
   */
  public String currentPeriod() {
    String name = Integer.toString(inForce);
    return periods.containsKey(name) ? name : "";
  }

  /** Keys of periods up to this one are destroyed, and never taken again; 0 for none. */
  public int retiredPeriods() {
    return retired;
  }

  /**
   * The key of a period that a block of the bank's chain is in; the store is asked again before
   * "none" is said. A later period than was in force has begun with that.
   */
  public Optional<SecretKey256> periodKey(String period) throws StoreUnavailable {
    Period known = periods.get(period);
    if (known == null) {
      refresh();
      known = periods.get(period);
    }
    if (known != null && known.number() > inForce) {
      begun(known.number());
    }
    return Optional.ofNullable(known).map(Period::key);
  }

  private synchronized void begun(int number) {
    inForce = Math.max(inForce, number);
  }

  /** How many rows were not the bank's own statements to this node. */
  public long ignored() {
    return ignored.get();
  }
}
