package org.interseal.launcher.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.rethinkdb.ServerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** What docker-compose.yml promises of every container, without Docker. */
class ComposeFileTest {
  private static final Path ROOT = Path.of("..");
  private static final List<BankId> BANKS = List.of(new BankId("BKAAXX00"), new BankId("BKABXX00"));

  /** A service as the file describes it, merged keys included. */
  record Container(String name, Map<?, ?> fields) {
    String text(String field) {
      return Objects.toString(fields.get(field), "");
    }

    /** As one text or as a list. */
    List<String> command() {
      return fields.get("command") instanceof String text
          ? List.of(text.split(" "))
          : list("command");
    }

    List<String> list(String field) {
      return fields.get(field) instanceof List<?> list
          ? list.stream().map(String::valueOf).toList()
          : List.of();
    }

    Map<?, ?> map(String field) {
      return fields.get(field) instanceof Map<?, ?> map ? map : Map.of();
    }

    boolean ends() {
      return text("restart").startsWith("on-failure");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Container> containers() throws IOException {
    Map<?, ?> file = new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml")));
    assertThat(file.get("services")).isInstanceOf(Map.class);
    Map<?, ?> services = (Map<?, ?>) Objects.requireNonNull(file.get("services"));
    return services.entrySet().stream()
        .map(entry -> new Container(String.valueOf(entry.getKey()), (Map<?, ?>) entry.getValue()));
  }

  static Stream<Container> thatStay() throws IOException {
    return containers().filter(container -> !container.ends());
  }

  @ParameterizedTest
  @MethodSource("containers")
  void runsWithoutPrivileges(Container container) {
    assertThat(container.text("user")).isEqualTo("10001:10001");
    assertThat(container.list("cap_drop")).containsExactly("ALL");
    assertThat(container.list("security_opt")).containsExactly("no-new-privileges:true");
    assertThat(container.fields().get("read_only")).isEqualTo(true);
    assertThat(container.fields().containsKey("privileged")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("containers")
  void isLimited(Container container) {
    assertThat(container.text("mem_limit")).matches("[1-9][0-9]*[mg]");
    assertThat(container.text("cpus")).matches("[0-9.]+");
    assertThat(container.text("pids_limit")).matches("[1-9][0-9]*");
  }

  @ParameterizedTest
  @MethodSource("containers")
  void hasNoSecretInItsEnvironmentOrArguments(Container container) {
    assertThat(container.map("environment").keySet().stream().map(String::valueOf))
        .isSubsetOf("INTERSEAL_BANK", "INTERSEAL_NODE", "RETHINKDB_USER", "GATEWAYS", "LISTEN");
    assertThat(container.fields().containsKey("env_file")).isFalse();
    assertThat(container.command())
        .noneMatch(argument -> argument.matches("(?i).*(password|passphrase|secret)=(?!/).*"))
        .noneMatch(argument -> argument.startsWith("--initial-password"));
  }

  @ParameterizedTest
  @MethodSource("containers")
  void isReachedFromThisMachineAlone(Container container) {
    assertThat(container.list("ports")).allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @ParameterizedTest
  @MethodSource("containers")
  void comesFromAnImageWithAVersionOrFromThisSource(Container container) {
    String image = container.text("image");
    if (image.startsWith("interseal/")) {
      assertThat(container.map("build").get("target"))
          .isEqualTo(image.substring("interseal/".length()));
    } else {
      assertThat(image).matches("[a-z/]+:v?[0-9]+\\.[0-9]+.*");
    }
  }

  @ParameterizedTest
  @MethodSource("thatStay")
  void saysWhetherItIsWell(Container container) {
    assertThat(container.map("healthcheck").get("test")).isNotNull();
    assertThat(container.map("healthcheck").get("interval")).isNotNull();
    if (container.text("image").startsWith("interseal/")) {
      assertThat(container.map("healthcheck").get("test"))
          .isEqualTo(List.of("CMD", "health", "ready"));
    }
  }

  @ParameterizedTest
  @MethodSource("thatStay")
  void seesTheFilesOfNobodyElse(Container container) throws IOException {
    List<String> own =
        container.list("volumes").stream().filter(volume -> !volume.startsWith("./")).toList();
    assertThat(own).hasSizeLessThanOrEqualTo(1);
    List<String> others =
        thatStay()
            .filter(other -> !other.name().equals(container.name()))
            .flatMap(other -> other.list("volumes").stream())
            .toList();
    assertThat(others).noneMatch(own::contains);
    assertThat(container.list("volumes").stream().filter(volume -> volume.startsWith("./")))
        .allMatch(volume -> volume.endsWith(":ro"));
  }

  @Test
  void aNodeOfTheClusterTalksAndListensBehindTlsAlone() throws IOException {
    List<Container> stores =
        containers().filter(container -> container.text("image").startsWith("rethinkdb:")).toList();
    assertThat(stores).hasSize(3);
    for (Container store : stores) {
      assertThat(store.command())
          .contains(
              "--no-http-admin",
              "--driver-tls-key",
              "--driver-tls-cert",
              "--driver-tls-ca",
              "--cluster-tls-key",
              "--cluster-tls-cert",
              "--cluster-tls-ca");
      assertThat(store.list("ports")).isEmpty();
      assertThat(store.list("networks")).containsExactly("store");
    }
  }

  /** The processes of the file, their users and their volumes are those that are provisioned. */
  @Test
  void everyProcessIsProvisioned() throws IOException {
    FederationOutline outline =
        new FederationOutline(
            new FederationDirectory(Path.of("/federation")),
            List.of(ServerAddress.parse("store-1", 1)),
            BANKS,
            2,
            2);
    Map<String, String> provisioned = new TreeMap<>();
    for (BankId bank : BANKS) {
      outline
          .nodes(bank)
          .forEach(node ->
              provisioned.put(
                  outline.node(bank, node).databaseUser(),
                  outline.node(bank, node).directory().toString()));
    }
    provisioned.put(outline.authority().databaseUser(), outline.authority().directory().toString());
    List<String> homes =
        containers()
            .filter(container -> container.name().equals("provision-material"))
            .flatMap(step -> step.list("volumes").stream())
            .toList();
    Map<String, String> described = new TreeMap<>();
    containers()
        .filter(container -> container.map("environment").containsKey("RETHINKDB_USER"))
        .forEach(container -> {
          String volume = container.list("volumes").getFirst().replaceFirst(":.*", ":");
          described.put(
              String.valueOf(container.map("environment").get("RETHINKDB_USER")),
              homes.stream()
                  .filter(home -> home.startsWith(volume))
                  .findFirst()
                  .orElse("")
                  .substring(volume.length()));
        });
    assertThat(described).isEqualTo(provisioned);
  }

  /** One gateway that is revoked must not keep its bank's customers out. */
  @Test
  void nothingWaitsForEveryGatewayOfABank() throws IOException {
    assertThat(containers())
        .allSatisfy(container ->
            container
                .map("depends_on")
                .forEach((other, how) -> {
                  if (String.valueOf(other).contains("-gateway-")) {
                    assertThat(how).isEqualTo(Map.of("condition", "service_started"));
                  }
                }));
  }

  @Test
  void monitoringAsksEveryProcess() throws IOException {
    String configuration = Files.readString(ROOT.resolve("compose/prometheus/prometheus.yml"));
    assertThat(
            containers()
                .filter(container -> container.map("environment").containsKey("RETHINKDB_USER")))
        .allSatisfy(container -> assertThat(configuration).contains(container.name() + ":8081"));
    assertThat(configuration).contains("password_file").doesNotContain("password:");
  }
}
