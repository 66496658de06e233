package org.interseal.launcher.chaos;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.OperatorClient;
import tools.jackson.databind.JsonNode;

/** The servers and gateways of one bank, and what is done to them. For one thread. */
final class BankProcesses {
  /** Longer than at a start of the federation: all banks start processes, under load. */
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private static final long WRITER_LIMIT_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 100;
  private static final String LEDGER = "/actuator/ledger";

  private final BankPorts bank;
  private final OperatorClient operator;
  private final Prober prober;
  private final ChaosTally tally;
  private final Consumer<String> out;
  private final CountDownLatch stop;
  private final Map<String, Victim> byNode = new TreeMap<>();

  /**
   * @param all of the federation
   * @param out hears of every fault
   * @param stop ends waiting
   */
  BankProcesses(
      BankPorts bank,
      List<Victim> all,
      OperatorClient operator,
      Prober prober,
      ChaosTally tally,
      Consumer<String> out,
      CountDownLatch stop) {
    this.bank = bank;
    this.operator = operator;
    this.prober = prober;
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
    boolean writer =
        fault.role() == Fault.Role.SERVER
            && bank.servers().size() > 1
            && writer().filter(fault.node()::equals).isPresent();
    if (writer) {
      takeOver(fault.node());
    } else {
      say(fault.toString());
      tally.killed();
      process(fault.node()).kill();
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
    Optional<String> writer = writer();
    for (long waited = 0; writer.isEmpty() && waited < WRITER_LIMIT_MILLIS; waited += LOOK_MILLIS) {
      rest(LOOK_MILLIS);
      writer = writer();
    }
    if (writer.isEmpty()) {
      tally.wrong("nobody writes the ledger of " + bank());
      return;
    }
    takeOver(writer.get());
    start(process(writer.get()));
  }

  /** Kills the server that writes, and measures until another one has posted. */
  private void takeOver(String writer) throws InterruptedException {
    tally.killed();
    long killedNanos = System.nanoTime();
    process(writer).kill();
    Optional<Long> millis = prober.millisToPosting(killedNanos);
    millis.ifPresentOrElse(
        tally::tookOver,
        () -> tally.wrong("nothing was posted at " + bank() + " after " + writer + " was killed"));
    say(
        "SIGKILL "
            + writer
            + ", which wrote: next posting after "
            + millis.map(Object::toString).orElse("?")
            + " ms");
  }

  /** Who writes the ledger, as the servers say; the newest fence counts. */
  private Optional<String> writer() throws InterruptedException {
    Optional<String> found = Optional.empty();
    long highest = -1;
    for (URI server : bank.servers()) {
      String node = Fault.Role.SERVER.node(bank.servers().indexOf(server) + 1);
      try {
        JsonNode ledger = operator.get(server.resolve(LEDGER));
        long fence = ledger.path("fence").asLong();
        if (ledger.path("phase").asString().equals("Writing") && fence > highest) {
          found = Optional.of(node);
          highest = fence;
        }
      } catch (IOException e) {
        // Somebody who does not answer does not write, or will be found next time.
      }
    }
    return found;
  }

  private void rest(long millis) throws InterruptedException {
    var _ = stop.await(millis, TimeUnit.MILLISECONDS);
  }

  private void say(String what) {
    out.accept(bank() + ": " + what);
  }
}
