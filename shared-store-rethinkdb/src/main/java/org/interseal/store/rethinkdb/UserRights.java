package org.interseal.store.rethinkdb;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.interseal.rethinkdb.Document;

/**
 * What the server says of one of its users.
 *
 * @param hasPassword whether it needs one to log in
 * @param rights of the whole cluster, of databases and of tables; what is nowhere named is refused
 */
public record UserRights(String user, boolean hasPassword, List<Right> rights) {
  /** The server's kinds of permission. */
  public enum Permission {
    READ,
    WRITE,
    /** Tables, indexes, write hooks, and of the whole cluster other users' rights. */
    CONFIG,
    /** Requests of the server to addresses of the user's choice. */
    CONNECT;

    /** As the server spells it. */
    String term() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Permissions for one place. The narrower place decides.
   *
   * @param database nothing stands for the whole cluster
   * @param table nothing stands for the whole database
   * @param allowed what is said there, either way
   */
  public record Right(
      Optional<String> database, Optional<String> table, Map<Permission, Boolean> allowed) {
    public Right {
      allowed = Map.copyOf(allowed);
    }

    static Right of(Document row) {
      Map<Permission, Boolean> allowed = new EnumMap<>(Permission.class);
      Document permissions = row.document("permissions").orElseThrow();
      for (Permission permission : Permission.values()) {
        if (permissions.fields().get(permission.term()) instanceof Boolean said) {
          allowed.put(permission, said);
        }
      }
      return new Right(text(row, RethinkDbUsers.DATABASE), text(row, "table"), allowed);
    }

    private static Optional<String> text(Document row, String field) {
      return row.has(field) ? Optional.of(row.text(field)) : Optional.empty();
    }

    /** {@code database.table}, {@code database} or {@code *}. */
    public String place() {
      return database.map(name -> name + table.map(inside -> "." + inside).orElse("")).orElse("*");
    }
  }

  public UserRights {
    rights = rights.stream().sorted(Comparator.comparing(Right::place)).toList();
  }

  /**
   * Whether its name was revoked: everything is refused expressly, for the whole cluster, and
   * nothing is allowed.
   */
  public boolean revoked() {
    return rights.stream()
            .allMatch(right -> right.allowed().values().stream().noneMatch(said -> said))
        && rights.stream()
            .anyMatch(right ->
                right.database().isEmpty() && right.allowed().size() == Permission.values().length);
  }
}
