package org.interseal.store.rethinkdb;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.interseal.identity.BankId;

/**
 * A user of the database for one process alone, so that it can be revoked without anybody else
 * noticing.
 *
 * @param bank there, unless it is the authority's
 * @param node the name of the server, gateway, branch or observer; empty for the authority and for
 *     a bank's founder
 */
public record DatabaseUser(ProcessKind kind, Optional<BankId> bank, String node) {
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public DatabaseUser {
    if (kind.ofBank() != bank.isPresent()) {
      throw new IllegalArgumentException("every user but the authority's belongs to a bank");
    }
    if (kind.named() ? !NODE.matcher(node).matches() : !node.isEmpty()) {
      throw new IllegalArgumentException("not a name of a " + kind.prefix() + ": " + node);
    }
  }

  public static DatabaseUser authority() {
    return new DatabaseUser(ProcessKind.AUTHORITY, Optional.empty(), "");
  }

  public static DatabaseUser founder(BankId bank) {
    return new DatabaseUser(ProcessKind.BANK_FOUNDER, Optional.of(bank), "");
  }

  public static DatabaseUser server(BankId bank, String node) {
    return new DatabaseUser(ProcessKind.BANK_SERVER, Optional.of(bank), node);
  }

  public static DatabaseUser gateway(BankId bank, String node) {
    return new DatabaseUser(ProcessKind.GATEWAY, Optional.of(bank), node);
  }

  public static DatabaseUser branch(BankId bank, String node) {
    return new DatabaseUser(ProcessKind.BRANCH, Optional.of(bank), node);
  }

  public static DatabaseUser observer(BankId bank, String name) {
    return new DatabaseUser(ProcessKind.OBSERVER, Optional.of(bank), name);
  }

  /** {@code kind_bic_node}, the BIC in lower case, less what there is not: what it logs in as. */
  public String name() {
    StringBuilder name = new StringBuilder(kind.prefix());
    bank.ifPresent(bic -> name.append('_').append(bic.value().toLowerCase(Locale.ROOT)));
    if (!node.isEmpty()) {
      name.append('_').append(node);
    }
    return name.toString();
  }

  @Override
  public String toString() {
    return name();
  }
}
