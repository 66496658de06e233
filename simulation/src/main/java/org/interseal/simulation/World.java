package org.interseal.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.interseal.client.DeviceCore;
import org.interseal.identity.BankId;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.ProvenDirectories;
import org.interseal.store.Store;
import org.interseal.store.memory.UnkindStore;
import org.jspecify.annotations.Nullable;

/** Processes, stores and the network of one run. What it draws from the seed, it draws in order. */
final class World {
  final Founding founding;
  final Plan plan;
  final Conductor conductor;
  final SplittableRandom random;
  final SeededSecureRandom secure;
  final UnkindStore shared;
  final Map<BankId, UnkindStore> own = new LinkedHashMap<>();

  /** What devices know of the registry. */
  final BankDirectory toldToDevices;

  final List<ServerSlot> servers = new ArrayList<>();
  final Map<BankId, List<SimulatedGateway>> gateways = new LinkedHashMap<>();
  final List<SimulatedDevice> devices = new ArrayList<>();
  final List<Link> links = new ArrayList<>();
  private int processes;
  private @Nullable Throwable failure;

  World(long seed, Founding founding) {
    this.founding = founding;
    this.random = new SplittableRandom(seed);
    this.plan = Plan.of(random.split());
    this.secure = new SeededSecureRandom(random.nextLong());
    this.conductor = new Conductor(random.nextLong(), founding.end(), plan.shuffle());
    this.shared =
        founding
            .shared()
            .copy(random.nextLong(), conductor::now, conductor.scheduler(), plan.unkindness());
    this.toldToDevices = ProvenDirectories.over(founding.directory(), shared.observer());
    for (Bank bank : founding.banks()) {
      UnkindStore store =
          founding
              .own(bank.id())
              .copy(random.nextLong(), conductor::now, conductor.scheduler(), plan.ownUnkindness());
      own.put(bank.id(), store);
    }
  }

  /** Servers, gateways and devices, which begin at once. */
  void build() {
    for (Bank bank : founding.banks()) {
      UnkindStore bankStore = own(bank.id());
      for (int i = 0; i < plan.servers(); i++) {
        ServerSlot slot = new ServerSlot(bank, Founding.SERVERS.get(i), link());
        servers.add(slot);
        start(slot);
      }
      List<SimulatedGateway> ofBank = new ArrayList<>();
      for (int i = 0; i < plan.gateways(); i++) {
        ofBank.add(gateway(bank, bankStore, "g" + i));
      }
      gateways.put(bank.id(), ofBank);
    }
    for (Customer customer : founding.customers()) {
      SimulatedProcess process = process("device of " + customer.name());
      Customer mine =
          new Customer(
              customer.name(),
              customer.bank(),
              customer.account(),
              DeviceCore.copy(customer.memory()));
      SimulatedDevice device =
          new SimulatedDevice(
              process,
              mine,
              Objects.requireNonNull(gateways.get(mine.bank())),
              new DeviceCore(mine.bank(), mine.memory(), process, secure),
              toldToDevices,
              random.split());
      devices.add(device);
      device.start();
    }
  }

  void at(long millis, Runnable action) {
    var _ = conductor.after(null, Duration.ofMillis(millis).toNanos(), action);
  }

  SimulatedProcess process(String name) {
    return new SimulatedProcess(conductor, name, ++processes, this::bug);
  }

  private void bug(Throwable bug) {
    if (failure == null) {
      failure = bug;
    }
  }

  /** What a process writes only when it has a bug, which it survives. */
  void logged(String line, @Nullable Throwable thrown) {
    InvariantBroken bug = new InvariantBroken("a bug was logged: " + line, thrown);
    SimulatedProcess process = conductor.running();
    if (process == null) {
      bug(bug);
    } else {
      process.bug(bug);
    }
  }

  /** Nothing, unless something was found that must not be. */
  void requireNoBug() {
    Throwable bug = failure;
    if (bug instanceof InvariantBroken broken) {
      throw broken;
    }
    if (bug != null) {
      throw new InvariantBroken("a bug: " + bug, bug);
    }
  }

  /** Since the founding. */
  long millis() {
    return conductor.millis() - founding.end().toEpochMilli();
  }

  Link link() {
    Link link = new Link(random.split(), plan.maxDelayMillis());
    links.add(link);
    return link;
  }

  static Store store(SimulatedProcess process, Link link, UnkindStore of) {
    return store(process, link, of, () -> false);
  }

  static Store store(
      SimulatedProcess process, Link link, UnkindStore of, BooleanSupplier registryHidden) {
    return new ProcessStore(process, link, of.connect()).hidingRegistry(registryHidden);
  }

  SimulatedGateway gateway(Bank bank, UnkindStore bankStore, String name) {
    SimulatedProcess process = process(bank.id() + " " + name);
    Link link = link();
    Store mine = store(process, link, shared);
    SimulatedGateway gateway =
        new SimulatedGateway(
            process,
            link,
            bank,
            shared.observer(),
            mine,
            store(process, link, bankStore),
            ProvenDirectories.over(founding.directory(), mine),
            secure);
    gateway.start();
    return gateway;
  }

  SimulatedGateway gateway(Bank bank, int which) {
    return Objects.requireNonNull(gateways.get(bank.id())).get(which);
  }

  UnkindStore own(BankId bank) {
    return Objects.requireNonNull(own.get(bank));
  }

  void start(ServerSlot slot) {
    SimulatedProcess process =
        new SimulatedProcess(
            conductor,
            slot.bank.id() + " " + slot.name,
            ++processes,
            bug -> {
              // What becomes of an evicted server is nobody's concern.
              if (!slot.evicted) {
                bug(bug);
              }
            });
    process.setClock(slot.clockAheadMillis);
    Store mine = store(process, slot.link, shared, () -> slot.evicted);
    slot.server =
        new SimulatedServer(
            process,
            slot.bank,
            slot.name,
            mine,
            store(process, slot.link, own(slot.bank.id())),
            ProvenDirectories.over(founding.directory(), mine),
            slot.evicted
                ? List.of(slot.bank.encryption())
                : List.of(slot.bank.encryption(), slot.bank.nextEncryption()),
            slot.disks,
            secure,
            plan.snapshotBlocks());
    slot.server.start();
  }

  void startAgain(ServerSlot slot) {
    if (slot.server == null) {
      start(slot);
    }
  }
}
