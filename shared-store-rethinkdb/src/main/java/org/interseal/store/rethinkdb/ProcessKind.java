package org.interseal.store.rethinkdb;

import static org.interseal.store.TableName.BANK_KEYS;
import static org.interseal.store.TableName.BLOCKS;
import static org.interseal.store.TableName.DEVICES;
import static org.interseal.store.TableName.HEARTBEATS;
import static org.interseal.store.TableName.LEASES;
import static org.interseal.store.TableName.MAILBOX;
import static org.interseal.store.TableName.SET_ASIDE;
import static org.interseal.store.TableName.SNAPSHOTS;
import static org.interseal.store.TableName.TRANSACTIONS;
import static org.interseal.store.TableName.WRAPPED_KEYS;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.interseal.store.TableName;

/**
 * Who opens databases, and which tables each needs: no more than its program uses. What is not
 * named here is refused by the server.
 *
 * <p>To write is to read as well: RethinkDB has no right to do the one without the other.
 */
public enum ProcessKind {
  /** The key registry. */
  AUTHORITY("authority", Set.of(), EnumSet.of(BANK_KEYS)),
  /** A bank's tool that certifies nodes, revokes them and starts epochs. */
  BANK_FOUNDER("founder", Set.of(), EnumSet.of(BANK_KEYS, WRAPPED_KEYS)),
  /**
   * One processing server. It writes {@code bank_keys} for an operator who was handed a resolution.
   */
  BANK_SERVER(
      "server",
      EnumSet.of(WRAPPED_KEYS),
      EnumSet.of(
          TRANSACTIONS,
          BANK_KEYS,
          HEARTBEATS,
          BLOCKS,
          SNAPSHOTS,
          MAILBOX,
          DEVICES,
          SET_ASIDE,
          LEASES)),
  /** One gateway. */
  GATEWAY("gateway", EnumSet.of(BANK_KEYS, DEVICES, MAILBOX), EnumSet.of(TRANSACTIONS, HEARTBEATS)),
  /** One branch agent. */
  BRANCH("branch", EnumSet.of(BANK_KEYS, MAILBOX), EnumSet.of(TRANSACTIONS, HEARTBEATS)),
  /** Who verifies offline: all that members share and all of one bank. */
  OBSERVER("observer", EnumSet.allOf(TableName.class), Set.of());

  /** What a user may do with a table. */
  public enum Access {
    READ,
    WRITE
  }

  private final String prefix;

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable map of enums
  private final Map<TableName, Access> tables;

  ProcessKind(String prefix, Set<TableName> read, Set<TableName> write) {
    this.prefix = prefix;
    Map<TableName, Access> access = new EnumMap<>(TableName.class);
    read.forEach(table -> access.put(table, Access.READ));
    write.forEach(table -> access.put(table, Access.WRITE));
    this.tables = Collections.unmodifiableMap(access);
  }

  /** How names of such users begin. */
  String prefix() {
    return prefix;
  }

  /**
   * The tables of the database that members share, or of the bank's own; none where it does not
   * open that one.
   */
  public Map<TableName, Access> tables(boolean shared) {
    return tables.entrySet().stream()
        .filter(entry -> entry.getKey().shared() == shared)
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                Map.Entry::getValue,
                (one, _) -> one,
                () -> new EnumMap<>(TableName.class)));
  }

  /** Whether such a user belongs to a bank. */
  public boolean ofBank() {
    return this != AUTHORITY;
  }

  /** Whether there are several in a bank, each with a name. */
  public boolean named() {
    return Arrays.asList(BANK_SERVER, GATEWAY, BRANCH, OBSERVER).contains(this);
  }
}
