package org.interseal.bank.founding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.interseal.crypto.CryptoFailure;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.CertifiedNode;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreLimits;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * A node of the bank as an operator's list shows it: one entry for each key that was certified.
 *
 * @param since begin of the certificate's validity
 * @param until its end
 * @param epochs of the bank's encryption key that are wrapped to it, in order; none but for servers
 */
public record NodeStanding(
    Party node, KeyId key, State state, Instant since, Instant until, List<Integer> epochs) {
  /** Whether it speaks for the bank. */
  public enum State {
    IN_FORCE,
    REVOKED,
    EXPIRED,
    /** Certified under a certifying key that is not the bank's any more. */
    REPLACED
  }

  public NodeStanding {
    epochs = List.copyOf(epochs);
  }

  /** All nodes of a licensed bank, by role, name and begin. */
  public static List<NodeStanding> list(
      BankId bank, BankDirectory directory, Store bankStore, Instant now) throws StoreUnavailable {
    LicensedBank licensed =
        directory
            .bank(bank)
            .orElseThrow(() -> new IllegalArgumentException(bank + " has no licence"));
    Map<KeyId, TreeSet<Integer>> epochs = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    List<NodeStanding> all = new ArrayList<>();
    for (CertifiedNode node : directory.certifiedNodes(bank)) {
      List<Integer> wrapped = List.of();
      if (node.encryptionKey().isPresent()) {
        KeyId recipient = node.encryptionKey().get().id();
        if (!epochs.containsKey(recipient)) {
          epochs.put(recipient, wrapped(node.party(), recipient, licensed, bankStore));
        }
        wrapped = List.copyOf(epochs.getOrDefault(recipient, new TreeSet<>()));
      }
      all.add(
          new NodeStanding(
              node.party(), node.key(), state(node, now), node.from(), node.until(), wrapped));
    }
    return all;
  }

  private static State state(CertifiedNode node, Instant now) {
    if (node.revoked()) {
      return State.REVOKED;
    }
    if (!node.underPresentKey()) {
      return State.REPLACED;
    }
    return now.isBefore(node.from()) || now.isAfter(node.until()) ? State.EXPIRED : State.IN_FORCE;
  }

  private static TreeSet<Integer> wrapped(
      Party node, KeyId recipient, LicensedBank licensed, Store bankStore) throws StoreUnavailable {
    TreeSet<Integer> epochs = new TreeSet<>();
    Position at = Position.START;
    List<Row> page = read(node, at, bankStore);
    while (!page.isEmpty()) {
      for (Row row : page) {
        try {
          WrappedKey key = WrappedKey.verify(row.body(), licensed.certifyingKey());
          if (key.kind() == WrappedKey.Kind.ENCRYPTION
              && key.node().equals(node.wire())
              && key.recipient().equals(recipient)) {
            epochs.add(key.sequence());
          }
        } catch (CryptoFailure | MalformedMessage notOurs) {
          // Its readers ignore and count it.
        }
      }
      at = page.getLast().position();
      page = read(node, at, bankStore);
    }
    return epochs;
  }

  private static List<Row> read(Party node, Position after, Store bankStore)
      throws StoreUnavailable {
    return bankStore
        .append(TableName.WRAPPED_KEYS)
        .readAfter(node.name(), after, StoreLimits.MAX_ROWS);
  }
}
