package org.interseal.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.interseal.protocol.registry.ProvenDirectories;
import org.interseal.store.Store;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does to the world what a plan says, and puts it right at the end. */
final class Troubles {
  private static final Logger log = LoggerFactory.getLogger(Troubles.class);
  private static final long BUSY_MILLIS = 80;
  private static final int BUSY_LOOKS = 2_000;
  private static final int BUSY_BLOCKS = 3;

  private final World world;
  private final Checks checks;
  private final Map<String, Integer> faults = new HashMap<>();
  private @Nullable Forger forger;

  Troubles(World world, Checks checks) {
    this.world = world;
    this.checks = checks;
  }

  /** How many of which there were. */
  Map<String, Integer> faults() {
    return faults;
  }

  /** Whether whoever has an evicted server did all that he could think of. */
  boolean isDone() {
    return forger == null || forger.isDone();
  }

  void trouble() {
    Fault fault = world.plan.fault(world.random);
    faults.merge(fault.name(), 1, Integer::sum);
    log.debug("{} ms: {}", world.millis(), fault);
    ServerSlot slot = world.servers.get(world.random.nextInt(world.servers.size()));
    long lengthMillis = 1 + world.random.nextLong(world.plan.maxFaultMillis());
    switch (fault) {
      case KILL -> {
        slot.kill();
        world.at(lengthMillis, () -> world.startAgain(slot));
      }
      case KILL_BUSY ->
          killBusy(slot.bank, -1, 1 + world.random.nextInt(BUSY_BLOCKS), BUSY_LOOKS, lengthMillis);
      case STOP -> {
        SimulatedServer server = slot.server;
        if (server != null) {
          server.stop();
          world.at(
              4_000 + lengthMillis,
              () -> {
                slot.kill();
                world.startAgain(slot);
              });
        }
      }
      case OLD_DISK -> {
        slot.kill();
        slot.disks = ServerDisk.copy(slot.oldDisks);
        world.at(lengthMillis, () -> world.startAgain(slot));
      }
      case KEEP_DISK -> slot.oldDisks = ServerDisk.copy(slot.disks);
      case PAUSE -> {
        SimulatedServer server = slot.server;
        if (server != null) {
          server.process().pause();
          world.at(lengthMillis, server.process()::goOn);
        }
      }
      case CUT -> {
        slot.link.cut();
        world.at(lengthMillis, slot.link::heal);
      }
      case SLOW -> {
        slot.link.slow(lengthMillis / 4);
        world.at(lengthMillis, slot.link::heal);
      }
      case OUTAGE -> {
        world.links.forEach(Link::cut);
        world.at(lengthMillis / 2, () -> world.links.forEach(Link::heal));
      }
      case CLOCK -> {
        slot.clockAheadMillis =
            world.random.nextLong(world.plan.maxClockMillis() * 2) - world.plan.maxClockMillis();
        SimulatedServer server = slot.server;
        if (server != null) {
          server.process().setClock(slot.clockAheadMillis);
        }
      }
      case FEEDS_END -> {
        world.shared.endFeeds();
        world.own.values().forEach(UnkindStore::endFeeds);
      }
      case FEEDS_MUTE -> {
        world.shared.muteFeeds();
        world.own.values().forEach(UnkindStore::muteFeeds);
      }
      case GATEWAY -> {
        int which = world.random.nextInt(world.plan.gateways());
        replace(slot.bank, which, world.gateway(slot.bank, which), lengthMillis);
      }
      case GATEWAY_BUSY -> {
        int which = world.random.nextInt(world.plan.gateways());
        SimulatedGateway gateway = world.gateway(slot.bank, which);
        long momentMillis = world.random.nextLong(BUSY_MILLIS);
        gateway.onLetter(
            () -> world.at(momentMillis, () -> replace(slot.bank, which, gateway, lengthMillis)));
      }
    }
  }

  /** Kills a gateway; another comes some time later. */
  private void replace(Bank bank, int which, SimulatedGateway gateway, long laterMillis) {
    gateway.process().kill();
    world.at(
        laterMillis,
        () -> {
          if (world.gateway(bank, which).equals(gateway)) {
            Objects.requireNonNull(world.gateways.get(bank.id()))
                .set(which, world.gateway(bank, world.own(bank.id()), "g" + which));
          }
        });
  }

  /** Looks every millisecond whether the bank's writer has made so many blocks. */
  private void killBusy(Bank bank, long heightBefore, int blocks, int looks, long lengthMillis) {
    ServerSlot writer =
        world.servers.stream()
            .filter(slot -> slot.bank.equals(bank) && slot.isWriting())
            .findFirst()
            .orElse(null);
    long height = writer == null ? heightBefore : writer.height();
    boolean more = heightBefore >= 0 && height > heightBefore;
    if (writer != null && more && blocks == 1) {
      world.at(
          world.random.nextLong(BUSY_MILLIS),
          () -> {
            writer.kill();
            world.at(lengthMillis, () -> world.startAgain(writer));
          });
    } else if (looks > 0) {
      world.at(
          1, () -> killBusy(bank, height, more ? blocks - 1 : blocks, looks - 1, lengthMillis));
    }
  }

  /** Faults stop: what was broken is put right. */
  void heal() {
    world.links.forEach(Link::heal);
    world.shared.become(Unkindness.none());
    world.own.values().forEach(store -> store.become(Unkindness.none()));
    for (ServerSlot slot : world.servers) {
      slot.clockAheadMillis = 0;
      SimulatedServer server = slot.server;
      if (server != null) {
        server.process().setClock(0);
        server.process().goOn();
      }
      world.startAgain(slot);
    }
  }

  /** It goes on with all that it has, and learns nothing more of the registry. */
  void evict(ServerSlot slot) {
    slot.evicted = true;
    SimulatedProcess operators = world.process("operators of " + slot.bank.id());
    Store mine = World.store(operators, world.link(), world.shared);
    Eviction eviction =
        new Eviction(
            operators,
            slot.bank,
            slot.name,
            mine,
            ProvenDirectories.over(world.founding.directory(), mine),
            world.secure);
    Bank other = otherThan(slot.bank);
    SimulatedProcess process = world.process("whoever has " + slot.name + " of " + slot.bank.id());
    forger =
        new Forger(
            process,
            eviction,
            checks.books(slot.bank.id()),
            other,
            checks.books(other.id()),
            checks.ledgers(),
            world.devices,
            World.store(process, slot.link, world.shared),
            World.store(process, slot.link, world.own(slot.bank.id())),
            () -> isKnown(eviction),
            world.secure);
    forger.start();
    eviction.begin(
        world.toldToDevices,
        () ->
            checks.books(slot.bank.id()).stream()
                .allMatch(of -> of.state().isEvicted(eviction.key())));
  }

  /** Whether all who read what the evicted server may write know of it. */
  private boolean isKnown(Eviction eviction) {
    Bank bank = eviction.bank();
    return Stream.of(
            Stream.of(world.toldToDevices),
            world.gateways.getOrDefault(bank.id(), List.of()).stream()
                .map(SimulatedGateway::directory),
            world.servers.stream()
                .filter(slot -> !slot.evicted)
                .map(slot -> slot.server)
                .filter(Objects::nonNull)
                .map(SimulatedServer::directory))
        .flatMap(directories -> directories)
        .allMatch(directory -> directory.revoked(bank.id(), eviction.key()));
  }

  private Bank otherThan(Bank bank) {
    return world.founding.banks().stream().filter(b -> !b.equals(bank)).findFirst().orElseThrow();
  }
}
