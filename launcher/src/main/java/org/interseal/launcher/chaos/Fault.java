package org.interseal.launcher.chaos;

/**
 * What is done to a bank's processes.
 *
 * @param number of the server or gateway, from 1; of no meaning where all servers are meant
 * @param millis how long a killed one stays down, or a paused one paused
 * @param thenMillis what passes before the next fault
 */
record Fault(Kind kind, Role role, int number, long millis, long thenMillis) {
  enum Kind {
    /** SIGKILL. */
    KILL,
    /** SIGKILL of all the bank's servers at once. */
    KILL_SERVERS,
    /** SIGKILL of the server that writes the ledger, and a measured take-over. */
    KILL_WRITER,
    /** SIGSTOP, then SIGCONT. */
    PAUSE,
    /** A clean stop. */
    RESTART
  }

  enum Role {
    SERVER("server-"),
    GATEWAY("gateway-");

    private final String prefix;

    Role(String prefix) {
      this.prefix = prefix;
    }

    /** What the names of all of them begin with. */
    String prefix() {
      return prefix;
    }

    String node(int number) {
      return prefix + number;
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case KILL -> "SIGKILL " + node() + ", down for " + millis + " ms";
      case KILL_SERVERS -> "SIGKILL all servers, down for " + millis + " ms";
      case KILL_WRITER -> "SIGKILL the server that writes";
      case PAUSE -> "SIGSTOP " + node() + " for " + millis + " ms";
      case RESTART -> "restart " + node();
    };
  }

  String node() {
    return role.node(number);
  }
}
