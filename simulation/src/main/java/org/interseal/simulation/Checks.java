package org.interseal.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.ledger.DeviceView;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.NodePhase;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Payment;
import org.interseal.store.TableName;

/** What must hold, as an observer sees it who reads all chains. */
final class Checks {
  private final World world;
  private final Map<Peer, Books> books = new LinkedHashMap<>();
  private final Ledgers ledgers;

  Checks(World world) {
    this.world = world;
    this.ledgers = new Ledgers(world.founding.banks().stream().map(Bank::id).toList());
    for (Bank bank : world.founding.banks()) {
      for (int partition = 0; partition < bank.partitions(); partition++) {
        Books of =
            new Books(
                bank,
                partition,
                world.own(bank.id()).observer(),
                world.founding.directory(),
                ledgers);
        books.put(of.peer(), of);
      }
    }
  }

  Ledgers ledgers() {
    return ledgers;
  }

  /** Of all chains together. */
  long blocks() {
    return books.values().stream().mapToLong(Books::height).sum();
  }

  private Books books(Peer peer) {
    return Objects.requireNonNull(books.get(peer));
  }

  List<Books> books(BankId bank) {
    return books.values().stream().filter(of -> of.bank().id().equals(bank)).toList();
  }

  /** At any moment. */
  void compare() {
    Ledgers.follow(books.values());
    books.values().forEach(this::compareHeads);
    world.devices.forEach(this::compareCredits);
    world.devices.forEach(this::compareLink);
    world.servers.stream().filter(slot -> !slot.evicted).forEach(this::compare);
    world.servers.stream().filter(slot -> !slot.evicted).forEach(this::compareDisks);
  }

  private void compare(ServerSlot slot) {
    SimulatedServer server = slot.server;
    if (server != null) {
      for (Books of : books(slot.bank.id())) {
        int partition = of.peer().partition();
        BankNode node = server.nodes().get(partition);
        ChainTip tip = node.tip();
        if (tip.height() != slot.comparedHeights[partition]) {
          slot.comparedHeights[partition] = tip.height();
          of.compare(
              server.process().name(),
              tip.height(),
              Optional.of(tip.hash()),
              Optional.of(node.ledger()));
        }
      }
    }
  }

  /** What a disk says stands, whether or not a server runs that reads it. */
  private void compareDisks(ServerSlot slot) {
    for (Books of : books(slot.bank.id())) {
      slot.disks
          .get(of.peer().partition())
          .remembered()
          .ifPresent(head ->
              of.compare(
                  "the disk of " + slot.bank.id() + " " + slot.name,
                  head.height(),
                  Optional.of(head.hash()),
                  Optional.empty()));
    }
  }

  private void compareDiskAtEnd(ServerSlot slot) {
    for (Books of : books(slot.bank.id())) {
      slot.disks
          .get(of.peer().partition())
          .remembered()
          .filter(head -> head.height() > of.height())
          .ifPresent(head -> {
            throw new InvariantBroken(
                "the disk of "
                    + slot.bank.id()
                    + " "
                    + slot.name
                    + " remembers block "
                    + head.height()
                    + ", which nobody wrote");
          });
    }
  }

  /** None that a ledger linked is unlinked by anybody here. */
  private void compareLink(SimulatedDevice device) {
    Customer customer = device.customer();
    Peer home = new Peer(customer.bank(), customer.account().partition());
    if (books(home).state().device(deviceId(customer)).filter(DeviceView::linked).isEmpty()) {
      throw new InvariantBroken(
          "locked out: " + home + " unlinked the device of " + customer.name());
    }
  }

  private static String deviceId(Customer customer) {
    return customer.memory().keys().deviceId();
  }

  private Stream<SimulatedGateway> refusing(SimulatedDevice device) {
    Customer customer = device.customer();
    return world.gateways.getOrDefault(customer.bank(), List.of()).stream()
        .filter(gateway -> gateway.refuses(deviceId(customer)));
  }

  /**
   * What an evicted server says of devices counts for nobody once another has signed again what
   * gateways know; until then it may.
   */
  private void checkLinked(SimulatedDevice device) {
    refusing(device)
        .findFirst()
        .ifPresent(gateway -> {
          throw new InvariantBroken(
              "locked out: "
                  + gateway.process().name()
                  + " refuses the device of "
                  + device.customer().name());
        });
  }

  /** Blocks that another bank has shown are that bank's. */
  private void compareHeads(Books of) {
    of.newHeads()
        .forEach(head -> {
          Books peer = books(head.peer());
          if (head.height() > peer.height()) {
            throw new InvariantBroken(
                "mirror: " + of.peer() + " was shown a block that nobody wrote");
          }
          peer.compare(
              "a report to " + of.peer(),
              head.height(),
              Optional.of(head.hash()),
              Optional.empty());
        });
  }

  /** A payee is told of nothing that is not booked. */
  private void compareCredits(SimulatedDevice device) {
    Set<Payment> booked = booked(device);
    for (Payment told : device.credits()) {
      if (!booked.contains(told)) {
        throw new InvariantBroken(
            "credit notice: " + told.instructionId() + " was told and is not booked");
      }
    }
  }

  private Set<Payment> booked(SimulatedDevice device) {
    Customer customer = device.customer();
    return books(new Peer(customer.bank(), customer.account().partition()))
        .credits(customer.account());
  }

  /** And of everything that is. */
  private boolean knowsItsCredits(SimulatedDevice device) {
    return device.credits().containsAll(booked(device));
  }

  boolean isDone() {
    return world.devices.stream().allMatch(d -> d.isDone() && knowsItsCredits(d))
        && books.values().stream().allMatch(b -> b.state().outstandingCount() == 0)
        && world.servers.stream().allMatch(slot -> slot.evicted || isAtEnd(slot))
        && world.devices.stream().allMatch(device -> refusing(device).findAny().isEmpty());
  }

  private boolean isAtEnd(ServerSlot slot) {
    SimulatedServer server = slot.server;
    return server != null
        && books(slot.bank.id()).stream()
            .allMatch(of -> isAtEnd(server.nodes().get(of.peer().partition()), of));
  }

  private static boolean isAtEnd(BankNode node, Books of) {
    return node.tip().height() == of.height()
        && (node.phase() instanceof NodePhase.Writing
            || node.phase() instanceof NodePhase.Following);
  }

  String whatIsLeft() {
    StringBuilder left = new StringBuilder();
    for (SimulatedDevice device : world.devices) {
      if (!device.isDone()) {
        left.append(device.process().name())
            .append(" waits for ")
            .append(device.left())
            .append("; ");
      }
    }
    for (SimulatedDevice device : world.devices) {
      if (!knowsItsCredits(device)) {
        left.append(device.process().name())
            .append(" was told of ")
            .append(device.credits().size())
            .append(" credits of ")
            .append(booked(device).size())
            .append("; ");
      }
    }
    books.forEach((bank, b) ->
        left.append(bank)
            .append(" has ")
            .append(b.state().outstandingCount())
            .append(" unanswered at ")
            .append(b.height())
            .append("; "));
    for (ServerSlot slot : world.servers) {
      SimulatedServer server = slot.server;
      left.append(slot.bank.id())
          .append(' ')
          .append(slot.name)
          .append(slot.evicted ? " evicted " : " ")
          .append(
              server == null
                  ? "gone"
                  : server.nodes().stream()
                      .map(node -> node.phase() + " at " + node.tip().height())
                      .toList()
                      .toString())
          .append("; ");
    }
    return left.toString();
  }

  /** Everything is quiet: what devices were told is what the chains say. */
  void checkEnd() {
    compare();
    world.servers.stream().filter(slot -> !slot.evicted).forEach(this::compareDiskAtEnd);
    checkSecrecy();
    for (SimulatedDevice device : world.devices) {
      device
          .asked()
          .keySet()
          .forEach(id -> {
            String key = Ledgers.key(device.customer().account().value(), id);
            Ledgers.Fate fate = ledgers.fates().get(key);
            var told = device.told().get(id);
            boolean fits =
                told == null
                    ? fate == null
                    : switch (told) {
                      case ACCC -> fate == Ledgers.Fate.SETTLED;
                      case RJCT -> fate == Ledgers.Fate.REJECTED;
                      case RCVD, PDNG, ACSP -> false;
                    };
            if (!fits) {
              throw new InvariantBroken(
                  "terminal status: " + key + " was told as " + told + " and is " + fate);
            }
          });
    }
  }

  /** Of what is sealed in earnest: the fast suite protects nothing but blocks. */
  private void checkSecrecy() {
    PlainWords words =
        new PlainWords(
            world.founding.customers().stream()
                .flatMap(customer -> Stream.of(customer.name(), customer.account().value()))
                .toList());
    world.own.values().forEach(store -> words.find(store.observer(), TableName.BLOCKS));
    if (world.founding.isSealedInEarnest()) {
      words.find(world.shared.observer(), TableName.TRANSACTIONS);
      world.own.values().forEach(store -> words.find(store.observer(), TableName.MAILBOX));
      world.own.values().forEach(store -> words.find(store.observer(), TableName.SNAPSHOTS));
    }
  }

  /** That no gateway refuses a device for good. */
  void checkLinks() {
    world.devices.forEach(this::checkLinked);
  }
}
