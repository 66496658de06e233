package org.interseal.launcher.chaos;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.OperatorClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The servers and gateways of one bank, and what is done to them. For one thread. */
final class BankProcesses {
  /** Longer than at a start of the federation: all banks start processes, under load. */
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private static final long WRITER_LIMIT_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 100;
  private static final String LEDGER = "/actuator/ledger";

  private final BankPorts bank;
  private final OperatorClient operator;
  private final List<Prober> probers;
  private final ChaosTally tally;
  private final Consumer<String> out;
  private final CountDownLatch stop;
  private final Map<String, Victim> byNode = new TreeMap<>();

  /**
   * @param all of the federation
   * @param probers one for each partition
   * @param out hears of every fault
   * @param stop ends waiting
   */
  BankProcesses(
      BankPorts bank,
      List<Victim> all,
      OperatorClient operator,
      List<Prober> probers,
      ChaosTally tally,
      Consumer<String> out,
      CountDownLatch stop) {
    this.bank = bank;
    this.operator = operator;
    this.probers = List.copyOf(probers);
    this.tally = tally;
    this.out = out;
    this.stop = stop;
    for (Victim each : all) {
      String name = each.name();
      if (name.startsWith(bank.bank() + " ")) {
        byNode.put(name.substring(name.indexOf(' ') + 1), each);
      }
    }
  }

  BankId bank() {
    return bank.bank();
  }

  private Victim process(String node) {
    return Objects.requireNonNull(byNode.get(node), node);
  }

  /**
   * Does it, brings back what it ended, and rests as the fault says. What does not come back is
   * wrong, and ends nothing: the payments are audited whatever happened.
   */
  void perform(Fault fault) throws InterruptedException {
    reviveTheDead();
    switch (fault.kind()) {
      case KILL -> kill(fault);
      case KILL_SERVERS -> killServers(fault);
      case KILL_WRITER -> killWriter();
      case PAUSE -> {
        say(fault.toString());
        pause(fault);
      }
      case RESTART -> {
        say(fault.toString());
        tally.restarted();
        process(fault.node()).stop();
        start(process(fault.node()));
      }
    }
    rest(fault.thenMillis());
  }

  private void pause(Fault fault) {
    tally.paused();
    try {
      process(fault.node()).pause(Duration.ofMillis(fault.millis()));
    } catch (IOException e) {
      tally.wrong(bank() + " " + fault.node() + " was not paused: " + e.getMessage());
    }
  }

  private void start(Victim process) throws InterruptedException {
    try {
      process.start(START_LIMIT);
    } catch (IOException e) {
      tally.wrong("after a fault, " + e.getMessage());
    }
  }

  /** Nobody may end unasked. */
  void reviveTheDead() throws InterruptedException {
    for (Map.Entry<String, Victim> each : byNode.entrySet()) {
      if (!each.getValue().isAlive()) {
        tally.wrong(
            bank() + " " + each.getKey() + " ended by itself; its log: " + each.getValue().log());
        start(each.getValue());
      }
    }
  }

  private void kill(Fault fault) throws InterruptedException {
    Set<Integer> written =
        fault.role() == Fault.Role.SERVER && bank.servers().size() > 1
            ? writtenBy(fault.node(), writers())
            : Set.of();
    if (written.isEmpty()) {
      say(fault.toString());
      tally.killed();
      process(fault.node()).kill();
    } else {
      takeOver(fault.node(), written);
    }
    rest(fault.millis());
    start(process(fault.node()));
  }

  private void killServers(Fault fault) throws InterruptedException {
    say(fault.toString());
    List<Victim> servers =
        byNode.entrySet().stream()
            .filter(each -> each.getKey().startsWith(Fault.Role.SERVER.prefix()))
            .map(Map.Entry::getValue)
            .toList();
    for (Victim server : servers) {
      tally.killed();
      server.kill();
    }
    rest(fault.millis());
    for (Victim server : servers) {
      start(server);
    }
  }

  private void killWriter() throws InterruptedException {
    Map<Integer, String> writers = writers();
    for (long waited = 0;
        writers.size() < bank.partitions() && waited < WRITER_LIMIT_MILLIS;
        waited += LOOK_MILLIS) {
      rest(LOOK_MILLIS);
      writers = writers();
    }
    if (writers.isEmpty()) {
      tally.wrong("nobody writes the ledger of " + bank());
      return;
    }
    String writer = writers.values().iterator().next();
    takeOver(writer, writtenBy(writer, writers));
    start(process(writer));
  }

  private static Set<Integer> writtenBy(String node, Map<Integer, String> writers) {
    Set<Integer> written = new TreeSet<>(writers.keySet());
    written.removeIf(partition -> !node.equals(writers.get(partition)));
    return written;
  }

  /** Kills a server, and measures until another one has posted in each partition that it wrote. */
  private void takeOver(String writer, Set<Integer> written) throws InterruptedException {
    tally.killed();
    long killedNanos = System.nanoTime();
    process(writer).kill();
    Map<Integer, Future<Optional<Long>>> postings = new TreeMap<>();
    List<String> said = new ArrayList<>();
    try (ExecutorService probing = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int partition : written) {
        Prober prober = probers.get(partition);
        postings.put(partition, probing.submit(() -> prober.millisToPosting(killedNanos)));
      }
      for (Map.Entry<Integer, Future<Optional<Long>>> each : postings.entrySet()) {
        Optional<Long> millis = each.getValue().get();
        millis.ifPresentOrElse(
            tally::tookOver,
            () ->
                tally.wrong(
                    "nothing was posted in partition "
                        + each.getKey()
                        + " of "
                        + bank()
                        + " after "
                        + writer
                        + " was killed"));
        said.add(
            "p%02d after %s ms".formatted(each.getKey(), millis.map(Object::toString).orElse("?")));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    say("SIGKILL " + writer + ", which wrote; next posting: " + String.join(", ", said));
  }

  /** Who writes each partition, as the servers say; the longest chain counts. */
  private Map<Integer, String> writers() throws InterruptedException {
    Map<Integer, String> found = new TreeMap<>();
    Map<Integer, Long> heights = new TreeMap<>();
    for (URI server : bank.servers()) {
      String node = Fault.Role.SERVER.node(bank.servers().indexOf(server) + 1);
      for (JsonNode line : partitionsAt(server)) {
        int partition = line.path("partition").asInt();
        long height = line.path("height").asLong();
        if (line.path("phase").asString().equals("Writing")
            && height > heights.getOrDefault(partition, -1L)) {
          found.put(partition, node);
          heights.put(partition, height);
        }
      }
    }
    return found;
  }

  /** Who does not answer does not write, or will be found next time. */
  private JsonNode partitionsAt(URI server) throws InterruptedException {
    try {
      return operator.get(server.resolve(LEDGER)).path("partitions");
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private void rest(long millis) throws InterruptedException {
    var _ = stop.await(millis, TimeUnit.MILLISECONDS);
  }

  private void say(String what) {
    out.accept(bank() + ": " + what);
  }
}
