package org.interseal.launcher.federation;

import java.nio.file.Path;
import java.util.List;

/**
 * A process of the federation to start.
 *
 * @param name unique, for logs and the dashboard, for example {@code bank-server BKABXX00 server-1}
 * @param kind which program it is
 * @param home directory of its own files
 * @param port HTTP port
 * @param managementPort actuator's port
 * @param settings {@code --name=value} arguments; file names, never secrets
 */
public record Service(
    String name, Kind kind, Path home, int port, int managementPort, List<String> settings) {
  public Service {
    settings = List.copyOf(settings);
  }

  /** The programs, in the order in which they start. */
  public enum Kind {
    KEY_REGISTRY("key-registry", "org.interseal.registry.KeyRegistryApplication"),
    BANK_SERVER("bank-server", "org.interseal.bank.BankServerApplication"),
    CLIENT_GATEWAY("client-gateway", "org.interseal.gateway.GatewayApplication"),
    BRANCH_AGENT("branch-agent", "org.interseal.branch.BranchAgentApplication"),
    DASHBOARD("dashboard", "org.interseal.launcher.dashboard.DashboardApplication");

    private final String program;
    private final String mainClass;

    Kind(String program, String mainClass) {
      this.program = program;
      this.mainClass = mainClass;
    }

    public String program() {
      return program;
    }

    public String mainClass() {
      return mainClass;
    }
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public String managementUrl() {
    return "http://127.0.0.1:" + managementPort;
  }

  /** All arguments of the program. */
  List<String> arguments() {
    List<String> all = new java.util.ArrayList<>();
    all.add("--spring.config.name=" + kind.program());
    all.add("--server.port=" + port);
    all.add("--server.address=127.0.0.1");
    all.add("--management.server.port=" + managementPort);
    all.add("--management.server.address=127.0.0.1");
    if (kind != Kind.DASHBOARD) {
      // Only the dashboard has pages; the class path is one for all.
      all.add(
          "--spring.autoconfigure.exclude="
              + "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
              + "org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration");
    }
    all.addAll(settings);
    return all;
  }
}
