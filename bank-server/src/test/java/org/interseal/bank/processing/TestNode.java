package org.interseal.bank.processing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.chain.PlantedBlocks;
import org.interseal.bank.inbox.InboxLimits;
import org.interseal.bank.ledger.BlockBody;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.ledger.LedgerTerms;
import org.interseal.bank.outbox.OutboxLimits;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.CertifiedParty;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.EncryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.SecretKey256;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.crypto.VerificationKey;
import org.interseal.identity.BankId;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.registry.EncryptionEpoch;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.NodeRevocation;
import org.interseal.protocol.registry.RegistryRecord;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.store.NewRow;
import org.interseal.store.Persevering;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/** A bank and its one server, which can be killed and started again. */
final class TestNode {
  static final CurrencyCode CZK = new CurrencyCode("CZK");
  private static final long START_MILLIS = 20_000;

  final TestFederation federation;
  final BankId id;
  final int partition;
  final DecryptionKey encryption;
  final SigningKey certifying;
  final SigningKey server;
  final Bytes certificate;

  /** The bank's own database, for clients and assertions. */
  final Store own;

  LedgerTerms terms = terms();
  ProcessingLimits limits = new ProcessingLimits(5, 60_000, 2_000, 50, 5_000, 5_000);
  OutboxLimits outboxLimits = new OutboxLimits(20_000, 250, 50, 500, 2_000, 50);
  InboxLimits inboxLimits =
      new InboxLimits(256, 4_000, 64 * 1024, 100, 100, 2_000, 200, 5_000, 86_400_000L);

  /** Of all epochs, as its servers have them. */
  private final Map<KeyId, DecryptionKey> encryptionKeys;

  /** As all its servers have them. */
  final Periods periods;

  /** All partitions of the bank, in one process. */
  private final List<TestNode> family;

  private final ChainMemory memory = new RememberedInMemory();
  final KeptSnapshots snapshots = new KeptSnapshots();
  private final List<Store> connections = new ArrayList<>();

  /** Of the last server that was started. */
  SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable BankNode node;
  private long ownStatements;
  private final Map<Party, VerificationKey> believed;
  private volatile boolean evicted;

  /** Of every server, by name. */
  final Map<String, SigningKey> servers;

  /** By server; the machine's where there is none. */
  final Map<String, InstantSource> clocks = new ConcurrentHashMap<>();

  /** By server. */
  final Map<String, Freezer> freezers = new ConcurrentHashMap<>();

  TestNode(TestFederation federation, BankId id) {
    this.federation = federation;
    this.id = id;
    this.partition = 0;
    this.encryption = DecryptionKey.generate(TestFederation.RANDOM);
    this.certifying = SigningKey.generate(SignatureAlgorithm.ED25519, TestFederation.RANDOM);
    this.server = SigningKey.generate(SignatureAlgorithm.ED25519, TestFederation.RANDOM);
    this.encryptionKeys = new ConcurrentHashMap<>();
    this.servers = new ConcurrentHashMap<>();
    this.periods = new Periods(Map.of("1", newPeriodKey()), "1");
    this.family = new ArrayList<>(List.of(this));
    this.believed = new ConcurrentHashMap<>();
    encryptionKeys.put(encryption.encryptionKey().id(), encryption);
    this.certificate =
        federation.license(id, certifying.verificationKey(), encryption.encryptionKey());
    certify(Party.server(id, "s1"), server, Optional.empty());
    servers.put("s1", server);
    this.own = federation.stores.bank(id);
  }

  /** Another partition of that bank, written by the same server. */
  TestNode(TestNode bank, int partition) {
    this.federation = bank.federation;
    this.id = bank.id;
    this.partition = partition;
    this.encryption = bank.encryption;
    this.certifying = bank.certifying;
    this.server = bank.server;
    this.encryptionKeys = bank.encryptionKeys;
    this.servers = bank.servers;
    this.periods = bank.periods;
    this.certificate = bank.certificate;
    this.own = bank.own;
    this.family = bank.family;
    this.believed = bank.believed;
    family.add(this);
  }

  /** The chain that this server writes, whichever run of it. */
  private final class OwnChain implements SiblingChain {
    private Optional<SiblingChain> now() {
      return Optional.ofNullable(node).map(BankNode::asSibling);
    }

    @Override
    public int partition() {
      return partition;
    }

    @Override
    public long height() {
      return now().map(SiblingChain::height).orElse(0L);
    }

    @Override
    public boolean isCurrent() {
      return now().map(SiblingChain::isCurrent).orElse(false);
    }

    @Override
    public Said said(int reader) {
      return now().map(chain -> chain.said(reader)).orElse(new Said(0, 1, 1));
    }

    @Override
    public boolean approach(long height, int maxReads) throws StoreUnavailable {
      Optional<SiblingChain> chain = now();
      return chain.isPresent() && chain.get().approach(height, maxReads);
    }

    @Override
    public Optional<BlockBody> block(long height) throws StoreUnavailable {
      Optional<SiblingChain> chain = now();
      if (chain.isEmpty()) {
        throw new StoreUnavailable("not running");
      }
      return chain.get().block(height);
    }

    @Override
    public void onAdvance(Runnable listener) {
      listeners.add(listener);
    }
  }

  void certify(Party party, SigningKey key, Optional<EncryptionKey> encryptionKey) {
    believed.put(party, key.verificationKey());
    federation.certify(party, key.verificationKey(), encryptionKey, certificate, certifying);
  }

  /** Publishes a later licence for the same keys. */
  void license(long number, LicenceStatus status) {
    federation.license(id, certificate, encryption.encryptionKey(), number, status);
  }

  /** Begins an epoch, from 2; its key is at the servers before it is published. */
  DecryptionKey rotateEncryptionKey(int epoch) {
    DecryptionKey next = DecryptionKey.generate(TestFederation.RANDOM);
    encryptionKeys.put(next.encryptionKey().id(), next);
    federation.publish(
        RegistryRow.of(
            new EncryptionEpoch(
                RegistryRecord.VERSION, id, ++ownStatements, epoch, next.encryptionKey().spki()),
            certificate,
            certifying));
    return next;
  }

  /** Takes a server's voice away. */
  void revoke(String name, SigningKey key) throws Exception {
    believed.remove(Party.server(id, name));
    evicted = true;
    CertifiedParty certified =
        federation
            .registry()
            .everCertified(id, PartyRole.SERVER, key.verificationKey().id())
            .orElseThrow();
    federation.publish(
        RegistryRow.of(
            new NodeRevocation(
                RegistryRecord.VERSION, id, ++ownStatements, name, certified.serial()),
            certificate,
            certifying));
  }

  /** Whom devices and branches believe. */
  Optional<VerificationKey> inForce(Party author, KeyId key) {
    return Optional.ofNullable(believed.get(author)).filter(known -> known.id().equals(key));
  }

  boolean hasEvicted() {
    return evicted;
  }

  static LedgerTerms terms() {
    return terms(10_000);
  }

  static LedgerTerms terms(int outstandingCap) {
    return new LedgerTerms(
        List.of(CZK),
        1_000_000_00,
        100_000_000_00L,
        900_000_000_00L,
        500_000_000_00L,
        Map.of(),
        outstandingCap);
  }

  TestNode start() throws InterruptedException {
    startOnly();
    if (!node().awaitWriting(START_MILLIS)) {
      throw new IllegalStateException("not started: " + node().phase());
    }
    return this;
  }

  TestNode startOnly() {
    BankNode next = newNode("s1", server, memory);
    next.joinSiblings(
        family.stream()
            .filter(other -> other != this)
            .<SiblingChain>map(other -> other.new OwnChain())
            .toList());
    next.asSibling().onAdvance(() -> listeners.forEach(Runnable::run));
    node = next;
    node.start();
    return this;
  }

  /** One more server, certified; not started. */
  void enrol(String name) {
    SigningKey key = TestClient.newSigningKey();
    certify(Party.server(id, name), key, Optional.empty());
    servers.put(name, key);
  }

  /** A server with all partitions. */
  BankServer newServer(String name, List<PartitionDisk> disks, SpreadLimits spreading) {
    return new BankServer(
        settings(name),
        ports(name, java.util.Objects.requireNonNull(servers.get(name)), periods),
        disks,
        NodeThreads.platform(id + "-" + name, 2, disks.size()),
        spreading);
  }

  BankNode newNode(String name, SigningKey key, ChainMemory chainMemory) {
    return newNode(name, key, chainMemory, snapshots, periods);
  }

  /** A server with a disk of its own. */
  BankNode newNode(
      String name,
      SigningKey key,
      ChainMemory chainMemory,
      SnapshotMemory snapshotMemory,
      PeriodKeys periodKeys) {
    return new BankNode(
        settings(name),
        ports(name, key, periodKeys),
        new PartitionDisk(chainMemory, snapshotMemory),
        NodeThreads.platform(id + "-" + name, 2));
  }

  private NodeSettings settings(String name) {
    return new NodeSettings(id, partition, name, terms, limits, inboxLimits, outboxLimits, 2);
  }

  private NodePorts ports(String name, SigningKey key, PeriodKeys periodKeys) {
    Freezer freezer = freezers.computeIfAbsent(name, server -> new Freezer());
    Store shared = freezer.wrap(federation.stores.shared());
    Store bankStore = freezer.wrap(federation.stores.bank(id));
    connections.add(shared);
    connections.add(bankStore);
    var directory = federation.directory(shared);
    meters = new SimpleMeterRegistry();
    return new NodePorts(
        shared,
        bankStore,
        directory,
        key,
        keyId -> Optional.ofNullable(encryptionKeys.get(keyId)),
        () -> {},
        periodKeys,
        new RegistryNodeTrust(id, directory),
        clocks.getOrDefault(name, InstantSource.system()),
        TestFederation.RANDOM,
        meters);
  }

  /**
   * Inserts what this server could sign as the block after the last one, whether or not it is one.
   */
  void plantBlock(int attempt, Bytes body) throws Exception {
    plantBlock("s1", server, attempt, body);
  }

  /** As {@link #plantBlock(int, Bytes)}, signed by somebody else. */
  ChainPlace plantBlock(String name, SigningKey key, int attempt, Bytes body) throws Exception {
    ChainTip tip = node().tip();
    Persevering.insert(
        own.append(TableName.BLOCKS),
        PlantedBlocks.row(
            new ChainIdentity(id, partition), name, key, periods, tip, attempt, body));
    return tip.next(attempt);
  }

  /** Squats attempts after the last block. */
  void plantJunk(int firstAttempt, int rows) throws Exception {
    ChainTip tip = node().tip();
    for (int attempt = firstAttempt; attempt < firstAttempt + rows; attempt++) {
      Persevering.insert(
          own.append(TableName.BLOCKS),
          new NewRow(ChainPlace.stream(0), tip.next(attempt).rowId(), "junk " + attempt));
    }
  }

  BankNode node() {
    return java.util.Objects.requireNonNull(node);
  }

  LedgerState ledger() {
    return node().ledger();
  }

  /** As kill -9: nothing is finished. What was acknowledged is in the store. */
  void kill() {
    if (node != null) {
      node.kill();
      node = null;
    }
    connections.forEach(Store::close);
    connections.clear();
  }

  void stop() {
    node().close();
    node = null;
    connections.forEach(Store::close);
    connections.clear();
  }

  private static SecretKey256 newPeriodKey() {
    return SecretKey256.generate(TestFederation.RANDOM);
  }

  /** Has all servers write under a new key. */
  void startPeriod(String name) {
    periods.start(name, newPeriodKey());
  }

  /** Period keys that grow. */
  static final class Periods implements PeriodKeys {
    private final Map<String, SecretKey256> keys;
    private volatile String current;
    private volatile boolean retired;

    Periods(Map<String, SecretKey256> keys, String current) {
      this.keys = new ConcurrentHashMap<>(keys);
      this.current = current;
    }

    private void start(String name, SecretKey256 key) {
      keys.put(name, key);
      current = name;
    }

    /** What a server has that was never given the others, or has forgotten them. */
    Periods only(String name) {
      Periods only =
          new Periods(Map.of(name, java.util.Objects.requireNonNull(keys.get(name))), name);
      only.retired = true;
      return only;
    }

    @Override
    public boolean beginsWithOpening() {
      return retired;
    }

    @Override
    public String currentPeriod() {
      return current;
    }

    @Override
    public Optional<SecretKey256> key(String periodId) {
      return Optional.ofNullable(keys.get(periodId));
    }
  }

  /** Outlives the server, as its disk does. */
  static final class RememberedInMemory implements ChainMemory {
    private @Nullable Head head;

    @Override
    public synchronized Optional<Head> remembered() {
      return Optional.ofNullable(head);
    }

    @Override
    public synchronized void saw(Head seen) {
      if (head == null || seen.height() > head.height()) {
        head = seen;
      }
    }
  }

  /** Outlives the server, as its disk does. */
  static final class KeptSnapshots implements SnapshotMemory {
    private volatile @Nullable Taken taken;

    /** All that were ever remembered. */
    final List<Long> heights = new CopyOnWriteArrayList<>();

    @Override
    public Optional<Taken> latest() {
      return Optional.ofNullable(taken);
    }

    @Override
    public void remember(Taken next) {
      heights.add(next.height());
      taken = next;
    }
  }
}
