package org.interseal.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.ledger.DeviceView;
import org.interseal.bank.ledger.Peer;
import org.interseal.bank.processing.BankNode;
import org.interseal.bank.processing.NodePhase;
import org.interseal.client.DeviceCore;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.ProvenDirectories;
import org.interseal.store.Store;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the whole federation: a function of its seed. */
final class Simulation {
  private static final Logger log = LoggerFactory.getLogger(Simulation.class);
  private static final long TROUBLE_MILLIS = 10_000;
  private static final Duration PROGRESS_LIMIT = Duration.ofMinutes(4);
  private static final int MAX_STEPS = 3_000_000;
  private static final long BURST_MILLIS = 150;
  private static final int COMPARE_EVERY = 100;
  private static final long BUSY_MILLIS = 80;
  private static final int BUSY_LOOKS = 2_000;
  private static final int BUSY_BLOCKS = 3;

  private final long seed;
  private final Founding founding;
  private final Plan plan;
  private final Conductor conductor;
  private final SplittableRandom random;
  private final SeededSecureRandom secure;
  private final UnkindStore shared;
  private final Map<BankId, UnkindStore> own = new LinkedHashMap<>();
  private final Map<Peer, Books> books = new LinkedHashMap<>();
  private final Ledgers ledgers;

  /** What devices know of the registry. */
  private final BankDirectory toldToDevices;

  private final List<ServerSlot> servers = new ArrayList<>();
  private final Map<BankId, List<SimulatedGateway>> gateways = new LinkedHashMap<>();
  private final List<SimulatedDevice> devices = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final Map<String, Integer> faults = new HashMap<>();
  private int processes;
  private int payments;
  private @Nullable Throwable failure;
  private @Nullable Forger forger;

  private Simulation(long seed, Founding founding) {
    this.seed = seed;
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
    this.ledgers = new Ledgers(founding.banks().stream().map(Bank::id).toList());
    for (Bank bank : founding.banks()) {
      UnkindStore store =
          founding
              .own(bank.id())
              .copy(random.nextLong(), conductor::now, conductor.scheduler(), plan.ownUnkindness());
      own.put(bank.id(), store);
      for (int partition = 0; partition < bank.partitions(); partition++) {
        Books of = new Books(bank, partition, store.observer(), founding.directory(), ledgers);
        books.put(of.peer(), of);
      }
    }
  }

  /** Runs to the end, or to the first thing that must not be. */
  static Simulator.Run run(long seed, Founding founding) {
    Simulation simulation = new Simulation(seed, founding);
    try (SimulatedLogs.Watching _ = SimulatedLogs.watch(simulation::logged)) {
      simulation.run();
      return simulation.outcome(null, null);
    } catch (InvariantBroken e) {
      return simulation.outcome(e.getMessage(), e.getCause());
    } catch (RuntimeException e) {
      return simulation.outcome("a bug: " + e, e);
    }
  }

  private Simulator.Run outcome(@Nullable String broken, @Nullable Throwable cause) {
    return new Simulator.Run(
        seed,
        conductor.steps(),
        conductor.trace(),
        conductor.millis() - founding.end().toEpochMilli(),
        payments,
        books.values().stream().mapToLong(Books::height).sum(),
        faults,
        broken,
        cause);
  }

  private void run() {
    build();
    List<Long> bursts = new ArrayList<>();
    for (int i = 0; i < plan.bursts(); i++) {
      bursts.add(random.nextLong(TROUBLE_MILLIS - BURST_MILLIS));
    }
    for (int i = 0; i < plan.payments(); i++) {
      at(bursts.get(random.nextInt(bursts.size())) + random.nextLong(BURST_MILLIS), this::pay);
    }
    for (int i = 0; i < plan.faults(); i++) {
      at(random.nextLong(TROUBLE_MILLIS), this::trouble);
    }
    if (plan.evicts()) {
      ServerSlot slot = servers.get(random.nextInt(servers.size()));
      at(random.nextLong(TROUBLE_MILLIS), () -> evict(slot));
    }
    step(TROUBLE_MILLIS, false);
    heal();
    step(PROGRESS_LIMIT.toMillis(), true);
    checkEnd();
  }

  private void at(long millis, Runnable action) {
    var _ = conductor.after(null, Duration.ofMillis(millis).toNanos(), action);
  }

  private SimulatedProcess process(String name) {
    return new SimulatedProcess(conductor, name, ++processes, this::bug);
  }

  private void bug(Throwable bug) {
    if (failure == null) {
      failure = bug;
    }
  }

  /** What a process writes only when it has a bug, which it survives. */
  private void logged(String line, @Nullable Throwable thrown) {
    InvariantBroken bug = new InvariantBroken("a bug was logged: " + line, thrown);
    SimulatedProcess process = conductor.running();
    if (process == null) {
      bug(bug);
    } else {
      process.bug(bug);
    }
  }

  private Link link() {
    Link link = new Link(random.split(), plan.maxDelayMillis());
    links.add(link);
    return link;
  }

  private Store store(SimulatedProcess process, Link link, UnkindStore of) {
    return store(process, link, of, () -> false);
  }

  private static Store store(
      SimulatedProcess process, Link link, UnkindStore of, BooleanSupplier registryHidden) {
    return new ProcessStore(process, link, of.connect()).hidingRegistry(registryHidden);
  }

  private void build() {
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

  private SimulatedGateway gateway(Bank bank, UnkindStore bankStore, String name) {
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

  private Bank otherThan(Bank bank) {
    return founding.banks().stream().filter(b -> !b.equals(bank)).findFirst().orElseThrow();
  }

  private UnkindStore own(BankId bank) {
    return Objects.requireNonNull(own.get(bank));
  }

  private Books books(Peer peer) {
    return Objects.requireNonNull(books.get(peer));
  }

  private List<Books> books(BankId bank) {
    return books.values().stream().filter(of -> of.bank().id().equals(bank)).toList();
  }

  private void start(ServerSlot slot) {
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

  private void pay() {
    SimulatedDevice payer = devices.get(random.nextInt(devices.size()));
    List<SimulatedDevice> others = devices.stream().filter(d -> !d.equals(payer)).toList();
    Customer payee = others.get(random.nextInt(others.size())).customer();
    payments++;
    payer.pay(
        payee,
        1 + random.nextLong(plan.maxAmountMinor()),
        "order-" + payments,
        random.nextInt(8) == 0);
  }

  /** It goes on with all that it has, and learns nothing more of the registry. */
  private void evict(ServerSlot slot) {
    slot.evicted = true;
    SimulatedProcess operators = process("operators of " + slot.bank.id());
    Store mine = store(operators, link(), shared);
    Eviction eviction =
        new Eviction(
            operators,
            slot.bank,
            slot.name,
            mine,
            ProvenDirectories.over(founding.directory(), mine),
            secure);
    Bank other = otherThan(slot.bank);
    SimulatedProcess process = process("whoever has " + slot.name + " of " + slot.bank.id());
    forger =
        new Forger(
            process,
            eviction,
            books(slot.bank.id()),
            other,
            books(other.id()),
            ledgers,
            devices,
            store(process, slot.link, shared),
            store(process, slot.link, own(slot.bank.id())),
            () -> isKnown(eviction),
            secure);
    forger.start();
    eviction.begin(
        toldToDevices,
        () -> books(slot.bank.id()).stream().allMatch(of -> of.state().isEvicted(eviction.key())));
  }

  /** Whether all who read what the evicted server may write know of it. */
  private boolean isKnown(Eviction eviction) {
    Bank bank = eviction.bank();
    return Stream.of(
            Stream.of(toldToDevices),
            gateways.getOrDefault(bank.id(), List.of()).stream().map(SimulatedGateway::directory),
            servers.stream()
                .filter(slot -> !slot.evicted)
                .map(slot -> slot.server)
                .filter(Objects::nonNull)
                .map(SimulatedServer::directory))
        .flatMap(directories -> directories)
        .allMatch(directory -> directory.revoked(bank.id(), eviction.key()));
  }

  private void trouble() {
    Fault fault = plan.fault(random);
    faults.merge(fault.name(), 1, Integer::sum);
    log.debug("{} ms: {}", conductor.millis() - founding.end().toEpochMilli(), fault);
    ServerSlot slot = servers.get(random.nextInt(servers.size()));
    long lengthMillis = 1 + random.nextLong(plan.maxFaultMillis());
    switch (fault) {
      case KILL -> {
        kill(slot);
        at(lengthMillis, () -> startAgain(slot));
      }
      case KILL_BUSY ->
          killBusy(slot.bank, -1, 1 + random.nextInt(BUSY_BLOCKS), BUSY_LOOKS, lengthMillis);
      case STOP -> {
        SimulatedServer server = slot.server;
        if (server != null) {
          server.stop();
          at(
              4_000 + lengthMillis,
              () -> {
                kill(slot);
                startAgain(slot);
              });
        }
      }
      case OLD_DISK -> {
        kill(slot);
        slot.disks = ServerDisk.copy(slot.oldDisks);
        at(lengthMillis, () -> startAgain(slot));
      }
      case KEEP_DISK -> slot.oldDisks = ServerDisk.copy(slot.disks);
      case PAUSE -> {
        SimulatedServer server = slot.server;
        if (server != null) {
          server.process().pause();
          at(lengthMillis, server.process()::goOn);
        }
      }
      case CUT -> {
        slot.link.cut();
        at(lengthMillis, slot.link::heal);
      }
      case SLOW -> {
        slot.link.slow(lengthMillis / 4);
        at(lengthMillis, slot.link::heal);
      }
      case OUTAGE -> {
        links.forEach(Link::cut);
        at(lengthMillis / 2, () -> links.forEach(Link::heal));
      }
      case CLOCK -> {
        slot.clockAheadMillis = random.nextLong(plan.maxClockMillis() * 2) - plan.maxClockMillis();
        SimulatedServer server = slot.server;
        if (server != null) {
          server.process().setClock(slot.clockAheadMillis);
        }
      }
      case FEEDS_END -> {
        shared.endFeeds();
        own.values().forEach(UnkindStore::endFeeds);
      }
      case FEEDS_MUTE -> {
        shared.muteFeeds();
        own.values().forEach(UnkindStore::muteFeeds);
      }
      case GATEWAY -> {
        int which = random.nextInt(plan.gateways());
        replace(slot.bank, which, gateway(slot.bank, which), lengthMillis);
      }
      case GATEWAY_BUSY -> {
        int which = random.nextInt(plan.gateways());
        SimulatedGateway gateway = gateway(slot.bank, which);
        long momentMillis = random.nextLong(BUSY_MILLIS);
        gateway.onLetter(
            () -> at(momentMillis, () -> replace(slot.bank, which, gateway, lengthMillis)));
      }
    }
  }

  private SimulatedGateway gateway(Bank bank, int which) {
    return Objects.requireNonNull(gateways.get(bank.id())).get(which);
  }

  /** Kills a gateway; another comes some time later. */
  private void replace(Bank bank, int which, SimulatedGateway gateway, long laterMillis) {
    gateway.process().kill();
    at(
        laterMillis,
        () -> {
          if (gateway(bank, which).equals(gateway)) {
            Objects.requireNonNull(gateways.get(bank.id()))
                .set(which, gateway(bank, own(bank.id()), "g" + which));
          }
        });
  }

  /** Looks every millisecond whether the bank's writer has made so many blocks. */
  private void killBusy(Bank bank, long heightBefore, int blocks, int looks, long lengthMillis) {
    ServerSlot writer =
        servers.stream()
            .filter(slot -> slot.bank.equals(bank) && isWriting(slot))
            .findFirst()
            .orElse(null);
    long height = writer == null ? heightBefore : height(writer);
    boolean more = heightBefore >= 0 && height > heightBefore;
    if (writer != null && more && blocks == 1) {
      at(
          random.nextLong(BUSY_MILLIS),
          () -> {
            kill(writer);
            at(lengthMillis, () -> startAgain(writer));
          });
    } else if (looks > 0) {
      at(1, () -> killBusy(bank, height, more ? blocks - 1 : blocks, looks - 1, lengthMillis));
    }
  }

  private static boolean isWriting(ServerSlot slot) {
    SimulatedServer server = slot.server;
    return server != null
        && server.nodes().stream().anyMatch(node -> node.phase() instanceof NodePhase.Writing);
  }

  private static long height(ServerSlot slot) {
    SimulatedServer server = slot.server;
    return server == null
        ? -1
        : server.nodes().stream().mapToLong(node -> node.tip().height()).sum();
  }

  private static void kill(ServerSlot slot) {
    SimulatedServer server = slot.server;
    if (server != null) {
      server.process().kill();
      slot.server = null;
    }
  }

  private void startAgain(ServerSlot slot) {
    if (slot.server == null) {
      start(slot);
    }
  }

  /** Faults stop: what was broken is put right. */
  private void heal() {
    links.forEach(Link::heal);
    shared.become(Unkindness.none());
    own.values().forEach(store -> store.become(Unkindness.none()));
    for (ServerSlot slot : servers) {
      slot.clockAheadMillis = 0;
      SimulatedServer server = slot.server;
      if (server != null) {
        server.process().setClock(0);
        server.process().goOn();
      }
      startAgain(slot);
    }
  }

  private void step(long millis, boolean untilDone) {
    long end = conductor.millis() + millis;
    while (conductor.millis() < end) {
      if (!conductor.step()) {
        throw new InvariantBroken("nothing will ever happen again");
      }
      Throwable bug = failure;
      if (bug instanceof InvariantBroken broken) {
        throw broken;
      }
      if (bug != null) {
        throw new InvariantBroken("a bug: " + bug, bug);
      }
      if (conductor.steps() % COMPARE_EVERY == 0) {
        compare();
        if (untilDone && isDone()) {
          return;
        }
      }
      if (conductor.steps() > MAX_STEPS) {
        throw new InvariantBroken("progress: too many steps");
      }
    }
    if (untilDone) {
      devices.forEach(this::checkLinked);
      throw new InvariantBroken("progress: " + whatIsLeft());
    }
  }

  private void compare() {
    Ledgers.follow(books.values());
    books.values().forEach(this::compareHeads);
    devices.forEach(this::compareCredits);
    devices.forEach(this::compareLink);
    servers.stream().filter(slot -> !slot.evicted).forEach(this::compare);
    servers.stream().filter(slot -> !slot.evicted).forEach(this::compareDisks);
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
    return gateways.getOrDefault(customer.bank(), List.of()).stream()
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

  private boolean isDone() {
    return devices.stream().allMatch(d -> d.isDone() && knowsItsCredits(d))
        && books.values().stream().allMatch(b -> b.state().outstandingCount() == 0)
        && servers.stream().allMatch(slot -> slot.evicted || isAtEnd(slot))
        && devices.stream().allMatch(device -> refusing(device).findAny().isEmpty())
        && (forger == null || forger.isDone());
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

  private String whatIsLeft() {
    StringBuilder left = new StringBuilder();
    for (SimulatedDevice device : devices) {
      if (!device.isDone()) {
        left.append(device.process().name())
            .append(" waits for ")
            .append(device.left())
            .append("; ");
      }
    }
    for (SimulatedDevice device : devices) {
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
    if (forger != null && !forger.isDone()) {
      left.append("an eviction is not known; ");
    }
    for (ServerSlot slot : servers) {
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
  private void checkEnd() {
    compare();
    servers.stream().filter(slot -> !slot.evicted).forEach(this::compareDiskAtEnd);
    checkSecrecy();
    for (SimulatedDevice device : devices) {
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
    PlainWords words = new PlainWords(founding.customers());
    own.values().forEach(store -> words.find(store.observer(), TableName.BLOCKS));
    if (founding.isSealedInEarnest()) {
      words.find(shared.observer(), TableName.TRANSACTIONS);
      own.values().forEach(store -> words.find(store.observer(), TableName.MAILBOX));
      own.values().forEach(store -> words.find(store.observer(), TableName.SNAPSHOTS));
    }
  }

  /** A server's place, with what outlives its processes. */
  private static final class ServerSlot {
    final Bank bank;
    final String name;
    final Link link;
    List<ServerDisk> disks;
    List<ServerDisk> oldDisks;
    long clockAheadMillis;
    final long[] comparedHeights;
    boolean evicted;
    @Nullable SimulatedServer server;

    ServerSlot(Bank bank, String name, Link link) {
      this.bank = bank;
      this.name = name;
      this.link = link;
      this.disks = ServerDisk.empty(bank.partitions());
      this.oldDisks = ServerDisk.empty(bank.partitions());
      this.comparedHeights = new long[bank.partitions()];
    }
  }
}
