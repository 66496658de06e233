package org.interseal.launcher.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.launcher.Interseal;
import org.interseal.launcher.federation.Service;
import org.interseal.rethinkdb.ServerAddress;
import org.interseal.rethinkdb.testing.RethinkDbProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;

/**
 * The stack of docker-compose.yml without Docker: its steps, its services' configuration and
 * environment, and one node of its cluster behind TLS.
 */
@Timeout(300)
class ProvisionIT {
  private static final String INSIDE = "/var/lib/interseal";
  private static final BankId A = new BankId("BKAAXX00");
  private static final Party GATEWAY = Party.gateway(A, "gateway-1");
  private static final String HOST = "127.0.0.1";

  private final List<ConfigurableApplicationContext> running = new ArrayList<>();
  private List<String> cluster = List.of("--store", HOST);

  @TempDir Path scratch;

  private Path federation() {
    return scratch.resolve("federation");
  }

  /** What a command prints when it does what it was asked. */
  private static String interseal(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Interseal.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    assertThat(command.execute(arguments))
        .as(String.join(" ", arguments) + "\n" + out + err)
        .isZero();
    return out.toString();
  }

  private String provision(String step, String... more) {
    List<String> all = new ArrayList<>(List.of("provision", step, "--data", federation() + ""));
    all.addAll(cluster);
    all.addAll(List.of("--servers", "1", "--gateways", "1"));
    all.addAll(List.of(more));
    return interseal(all.toArray(String[]::new));
  }

  private static ComposeFileTest.Container container(String name) throws IOException {
    return ComposeFileTest.containers()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The options of the stack's first node that say which files it has. */
  private RethinkDbProcess node() throws IOException {
    List<String> command = container("store-1").command();
    String home = federation().resolve("store").resolve(HOST).toString();
    List<String> options = new ArrayList<>();
    for (int i = 0; i + 1 < command.size(); i++) {
      if (command.get(i).matches("--config-file|--(driver|cluster)-tls-(key|cert|ca)")) {
        options.add(command.get(i));
        options.add(command.get(i + 1).replace(INSIDE, home));
      }
    }
    assertThat(options).hasSize(14);
    Optional<RethinkDbProcess> server =
        RethinkDbProcess.startIfInstalled(
            Files.createDirectory(scratch.resolve("rethinkdb")), options.toArray(String[]::new));
    Assumptions.assumeTrue(server.isPresent(), "skipped: no rethinkdb on the PATH");
    return server.orElseThrow();
  }

  /** Where the steps see the volume that the container has at {@value #INSIDE}. */
  private Path home(ComposeFileTest.Container container) throws IOException {
    String volume = container.list("volumes").getFirst().replace(":" + INSIDE, ":/federation");
    String seen =
        container("provision-material").list("volumes").stream()
            .filter(each -> each.startsWith(volume))
            .findFirst()
            .orElseThrow();
    return federation().resolve(seen.substring(volume.length() + 1));
  }

  /** Its files as they are, with this machine's places and addresses. */
  private Path configuration(Path home, UnaryOperator<String> places) throws IOException {
    Path copy = Files.createDirectories(home.resolve("config"));
    try (Stream<Path> all = Files.list(Path.of("..", "compose", "services"))) {
      for (Path each : all.toList()) {
        Files.writeString(
            copy.resolve(each.getFileName()),
            places.apply(
                Files.readString(each)
                    .replace("file:config/", copy.toUri().toString())
                    .replace(INSIDE, home.toString())
                    .replace("0.0.0.0", HOST)));
      }
    }
    return copy;
  }

  /** Starts what the container runs; returns its address. */
  private String start(String name, ServerAddress store) throws Exception {
    ComposeFileTest.Container container = container(name);
    Path home = home(container);
    Path config =
        configuration(home, text -> text.replace("store-1,store-2,store-3", store.toString()));
    String program = container.text("image").replace("interseal/", "");
    Service.Kind kind =
        Arrays.stream(Service.Kind.values())
            .filter(each -> each.program().equals(program))
            .findFirst()
            .orElseThrow();
    List<String> arguments = new ArrayList<>();
    for (Map.Entry<?, ?> variable : container.map("environment").entrySet()) {
      String property = variable.getKey().toString().toLowerCase(java.util.Locale.ROOT);
      arguments.add("--" + property.replace('_', '.') + "=" + variable.getValue());
    }
    arguments.addAll(
        List.of(
            "--spring.config.name=" + program,
            "--spring.config.additional-location=" + config.toUri(),
            "--server.port=0",
            "--management.server.port=0",
            // The class path is one for all.
            "--spring.autoconfigure.exclude="
                + "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
                + "org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration",
            "--logging.file.name=" + scratch.resolve("services.log"),
            "--logging.threshold.console=OFF"));
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Class.forName(kind.mainClass()))
            .bannerMode(Banner.Mode.OFF)
            .registerShutdownHook(false)
            .run(arguments.toArray(String[]::new));
    running.add(context);
    return "http://" + HOST + ":" + context.getEnvironment().getProperty("local.server.port");
  }

  private void stop() {
    running.reversed().forEach(ConfigurableApplicationContext::close);
    running.clear();
  }

  /** A command as {@code welcome} prints it. */
  private String follow(String welcome, String begin) {
    String line =
        welcome
            .lines()
            .map(String::strip)
            .filter(each -> each.startsWith(begin))
            .findFirst()
            .orElseThrow();
    List<String> words = new ArrayList<>(List.of(line.replace("'", "").split(" ")));
    words.removeFirst();
    int device = words.indexOf("--device") + 1;
    words.set(device, scratch.resolve(words.get(device)).toString());
    return interseal(words.toArray(String[]::new));
  }

  @Test
  void theStackIsProvisionedPaysGoesOnAfterARevocationAndIsSound() throws Exception {
    provision("material");
    try (RethinkDbProcess server = node()) {
      cluster = List.of("--store", server.address().toString());
      provision("store");
      String registry = start("authority", server.address());
      // Said once: later steps go by the licence.
      provision("banks", "--registry", registry, "--partitions", "2");
      List<String> gateways = new ArrayList<>();
      List<String> branches = new ArrayList<>();
      for (String bank : List.of("bkaaxx00", "bkabxx00")) {
        start(bank + "-server-1", server.address());
        gateways.add(start(bank + "-gateway-1", server.address()));
        branches.add(start(bank + "-branch-1", server.address()));
      }
      String welcome =
          provision(
              "welcome",
              "--branch",
              String.join(",", branches),
              "--gateway",
              String.join(",", gateways));

      follow(welcome, "./interseal enrol --device alice");
      follow(welcome, "./interseal enrol --device bob");
      follow(welcome, "./interseal pay --device alice");
      assertThat(follow(welcome, "./interseal balance --device bob")).contains("12.50");

      stop();
      evict(server.address());
      assertThat(provision("store"))
          .contains("gateway_bkaaxx00_gateway-1 was revoked", "databases and users are complete");
      assertThat(provision("banks", "--registry", registry))
          .contains("was evicted", "BKAAXX00 is complete", "BKABXX00 is complete");
      assertThat(stored("verify", server.address() + "," + server.address()))
          .contains("sound: every chain");
    } finally {
      stop();
    }
  }

  @Test
  @Tag("slow")
  void itsPeriodsAreClosedExportedAndDroppedByUsersOfTheirOwnAndAdmin() throws Exception {
    provision("material");
    try (RethinkDbProcess server = node()) {
      cluster = List.of("--store", server.address().toString());
      provision("store");
      provision("banks", "--registry", start("authority", server.address()));
      for (String bank : List.of("bkaaxx00", "bkabxx00")) {
        start(bank + "-server-1", server.address());
      }
      closePeriods(server.address());
      stop();
      dropPeriods(server.address().toString());
    } finally {
      stop();
    }
  }

  /** A command for what is kept in the cluster. */
  private String stored(String command, String place, String... more) {
    List<String> all = new ArrayList<>(List.of(command.split(" ")));
    all.addAll(List.of("--data", federation().toString()));
    all.addAll(List.of("--store", "rethinkdb", "--rethinkdb", place));
    all.addAll(List.of(more));
    return interseal(all.toArray(String[]::new));
  }

  private void closePeriods(ServerAddress server) {
    assertThat(stored("period close", server.toString())).contains("period 2 has begun");
    for (int looks = 0; !bothClosed(stored("period list", server.toString())); looks++) {
      assertThat(looks).as("looks for the openings").isLessThan(100);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  private static boolean bothClosed(String list) {
    return list.contains("BKAAXX00.p00 period 1: closed")
        && list.contains("BKABXX00.p00 period 1: closed");
  }

  /** As the operator of all of it: the files of admin are in {@code provisioner/}. */
  private void dropPeriods(String place) {
    String archives =
        stored("period export", place, "--to", scratch.resolve("archives").toString())
            .lines()
            .map(line -> line.substring(line.indexOf(": ") + 2))
            .collect(Collectors.joining(","));
    assertThat(stored("period drop", place, "--archive", archives))
        .contains("BKAAXX00.p00: dropped blocks up to ", "BKABXX00.p00: dropped blocks up to ")
        .doesNotContain("(0 rows)");
    assertThat(stored("verify", place, "--archive", archives)).contains("sound: every chain");
  }

  private void evict(ServerAddress server) throws Exception {
    Path operators = scratch.resolve("operators");
    for (String name : List.of("alice", "bob")) {
      interseal("bank", "operator", name, "--operator-keys", operators.resolve(name).toString());
    }
    String[] place = {
      "--data",
      federation().toString(),
      "--bank",
      A.value(),
      "--store",
      "rethinkdb",
      "--rethinkdb",
      server.toString()
    };
    bank(
        place,
        "register",
        operators.resolve("alice/alice.pub").toString(),
        operators.resolve("bob/bob.pub").toString());
    assertThat(
            bank(
                place,
                "evict",
                GATEWAY.name(),
                "--operator",
                "alice",
                "--operator-keys",
                operators.resolve("alice").toString()))
        .contains("database user gateway_bkaaxx00_gateway-1 may do nothing any more", "is evicted");
    assertThat(bank(place, "list")).contains("revoked");
  }

  private String bank(String[] place, String... arguments) {
    List<String> all = new ArrayList<>(List.of("bank"));
    all.addAll(List.of(arguments));
    all.addAll(List.of(place));
    return interseal(all.toArray(String[]::new));
  }
}
