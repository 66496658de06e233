package org.interseal.rethinkdb;

/** Where a server listens for drivers. */
public record ServerAddress(String host, int port) {
  public static final int DEFAULT_PORT = 28015;
  private static final int MAX_PORT = 65_535;

  public ServerAddress {
    if (host.isBlank() || port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("not a server address: host '" + host + "', port " + port);
    }
  }

  /** Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}. */
  public static ServerAddress parse(String text, int defaultPort) {
    String trimmed = text.strip();
    int bracket = trimmed.lastIndexOf(']');
    int colon = trimmed.lastIndexOf(':');
    boolean bareV6 = bracket < 0 && trimmed.indexOf(':') != colon;
    if (colon < 0 || colon < bracket || bareV6) {
      return new ServerAddress(withoutBrackets(trimmed), defaultPort);
    }
    try {
      return new ServerAddress(
          withoutBrackets(trimmed.substring(0, colon)),
          Integer.parseInt(trimmed, colon + 1, trimmed.length(), 10));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a server address: " + text, e);
    }
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
