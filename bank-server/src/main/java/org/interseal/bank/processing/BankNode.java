package org.interseal.bank.processing;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.interseal.bank.chain.BlockSealer;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainObserver;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.ChainReader;
import org.interseal.bank.chain.ChainTip;
import org.interseal.bank.chain.ChainValidator;
import org.interseal.bank.chain.ChainWriter;
import org.interseal.bank.chain.RetryTerms;
import org.interseal.bank.chain.VoidReason;
import org.interseal.bank.inbox.Authors;
import org.interseal.bank.inbox.Inbox;
import org.interseal.bank.inbox.MessageOpener;
import org.interseal.bank.inbox.OwnRows;
import org.interseal.bank.inbox.SetAside;
import org.interseal.bank.inbox.StreamFollower;
import org.interseal.bank.ledger.LedgerState;
import org.interseal.bank.meters.BankMeters;
import org.interseal.bank.outbox.Outbox;
import org.interseal.bank.outbox.OutboxAssembly;
import org.interseal.store.AppendTable;
import org.interseal.store.DurableInsert;
import org.interseal.store.Scheduler;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a bank's ledger on one server, assembled from ports: follows the bank's
 * messages, decides, appends, sends. {@link BankServer} hosts all of them; one alone is a server of
 * its own and owns its threads, and nothing else that it was given.
 *
 * <p>Thread-safe. Killed at any moment and started again on the same stores, it loses and doubles
 * nothing.
 */
public final class BankNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BankNode.class);

  private final NodeSettings settings;
  private final NodePorts ports;
  private final NodeThreads threads;
  private final ServerParts parts;
  private final boolean ownsParts;
  private final Scheduler scheduler;
  private final ChainIdentity chain;
  private final PublishedLedger ledger;
  private final BankMeters meters;
  private final SetAside setAside;
  private final MessageOpener opener;
  private final SnapshotKeeper snapshots;
  private final ClockGuard clockGuard;
  private final LedgerThread ledgerThread;
  private volatile List<SiblingChain> siblings = List.of();

  /**
   * A server with this partition alone.
   *
   * @param threads which the node shuts down when it closes
   */
  public BankNode(NodeSettings settings, NodePorts ports, PartitionDisk disk, NodeThreads threads) {
    this(settings, new ServerParts(settings, ports, threads), disk, WriterTurn.WHOEVER_COMES, true);
  }

  /**
   * @param ownsParts whether they start and stop with this partition
   */
  BankNode(
      NodeSettings settings,
      ServerParts parts,
      PartitionDisk disk,
      WriterTurn turn,
      boolean ownsParts) {
    this.settings = settings;
    this.parts = parts;
    this.ownsParts = ownsParts;
    this.ports = parts.ports();
    this.threads = parts.threads();
    this.scheduler = parts.scheduler();
    this.chain = new ChainIdentity(settings.bank(), settings.partition());
    this.meters = new BankMeters(ports.meters(), settings.partition());

    AppendTable blocks = ports.own().append(TableName.BLOCKS);
    ChainValidator validator = new ChainValidator(chain, ports.trust(), ports.periods());
    ChainObserver observer = BankNode::voidRow;
    ChainReader reader = new ChainReader(chain, blocks, validator, disk.memory(), observer);
    this.ledger =
        new PublishedLedger(
            reader,
            chain.start(
                LedgerContent.empty(
                    settings.bank(),
                    settings.partition(),
                    EvictionProofs.under(ports.directory()))));
    this.snapshots =
        new SnapshotKeeper(
            settings, ports, disk, chain, reader, threads.statements(), threads.time(), meters);
    this.setAside = newSetAside();
    this.opener =
        new MessageOpener(
            settings.bank(),
            settings.partition(),
            ports.decryptionKeys(),
            parts.registry()::isOwnEncryptionKey,
            new Authors(settings.bank(), ledger, parts.registry(), parts.verificationKeys()),
            ports.clock(),
            meters);
    ChainWriter writer =
        new ChainWriter(
            chain,
            blocks,
            reader,
            validator,
            new BlockSealer(
                chain, settings.node(), ports.signingKey(), ports.periods(), ports.random()),
            disk.memory(),
            RetryTerms.DEFAULT,
            scheduler);
    this.clockGuard =
        new ClockGuard(
            ports.own(),
            ports.clock(),
            threads.time()::nanoTime,
            settings.processing().maxClockAheadMillis());
    this.ledgerThread =
        new LedgerThread(
            new ChainFolder(reader, ledger),
            writer,
            newTenure(turn),
            parts.evictions(),
            snapshots,
            clockGuard::require,
            (folder, pause) -> begin(folder, pause, writer),
            settings.processing(),
            threads.factory(),
            threads.time());
    NodeGauges.register(this, meters, ports);
  }

  private Tenure newTenure(WriterTurn turn) {
    WriterLease lease =
        new WriterLease(
            ports.own(),
            ChainPlace.stream(settings.partition()),
            settings.node(),
            parts.run(),
            settings.processing().leaseMillis(),
            threads.time()::nanoTime,
            parts.evictions()::isRevoked,
            turn::isOurs);
    return new Tenure(
        ChainPlace.stream(settings.partition()),
        lease,
        turn,
        settings.processing(),
        threads.time());
  }

  /** Who squats rows must not fill the log too. */
  private static void voidRow(ChainPlace place, VoidReason reason, String detail) {
    if (place.attempt() < ChainPlace.ALARM_ATTEMPTS) {
      log.warn("void row at {}: {} {}", place.rowId(), reason, detail);
    } else if (place.attempt() % ChainPlace.ALARM_ATTEMPTS == 0) {
      log.error(
          "{} void rows at one height, the last at {}: find out who inserts them and take that"
              + " user's access away",
          place.attempt(),
          place.rowId());
    }
  }

  private SetAside newSetAside() {
    return new SetAside(
        ports.own().append(TableName.SET_ASIDE),
        new DurableInsert(
            ports.own(),
            TableName.SET_ASIDE,
            DurableInsert.ReadBy.ID,
            DurableInsert.Limits.DEFAULT,
            scheduler,
            threads.time()::nanoTime,
            ports.random()),
        ChainPlace.stream(settings.partition()),
        ports.periods(),
        ports.clock(),
        ports.random(),
        meters);
  }

  private WritingSession begin(ChainFolder folder, LedgerThread.Pause pause, ChainWriter writer)
      throws StoreUnavailable, InterruptedException, Halt {
    Inbox inbox =
        new Inbox(
            settings.bank(),
            new OwnRows(settings.partition(), parts.registry()::partitions),
            settings.inbox(),
            opener,
            ledger,
            parts.knowledge(),
            setAside,
            parts.rowTags().keys()::writerOf,
            meters,
            threads.openers(),
            threads.time(),
            folder.state().cursor());
    Set<String> consumed = folder.consumedSubmissions();
    StreamFollower follower =
        new StreamFollower(
            ports.shared(),
            settings.bank(),
            inbox,
            setAside,
            settings.inbox(),
            consumed::contains,
            threads.factory(),
            threads.time());
    Outbox outbox = outboxAssembly().assemble(folder.state().outboxDoneHeight());
    WritingSession session =
        new WritingSession(
            folder,
            writer,
            inbox,
            follower,
            outbox,
            new InternalInputs(
                settings.bank(),
                settings.terms(),
                ports.directory(),
                parts.evictions(),
                ports.clock(),
                new SiblingInputs(settings.bank(), settings.partition(), siblings, threads.time()),
                parts.knowledge()::behind),
            snapshots,
            clockGuard,
            ports.clock(),
            threads.time(),
            meters,
            settings.processing().blockIntervalMillis(),
            pause);
    try {
      outbox.start(threads.timer());
      session.replayOutbox(ledger);
    } catch (StoreUnavailable | Halt | InterruptedException | RuntimeException e) {
      outbox.close();
      throw e;
    }
    follower.start();
    return session;
  }

  private OutboxAssembly outboxAssembly() {
    return new OutboxAssembly(
        settings.bank(),
        settings.partition(),
        settings.node(),
        ports.signingKey(),
        settings.outbox(),
        ports.shared(),
        ports.own(),
        parts.registry(),
        ledger,
        threads.sealers(),
        threads.statements(),
        scheduler,
        threads.factory(),
        threads.time(),
        ports.clock(),
        ports.random(),
        parts.rowTags().tagger(),
        meters);
  }

  /**
   * Has this server read the chains of the bank's other partitions, for payments between them. To
   * be called before {@link #start}; without it such payments wait.
   *
   * @param chains each of another partition
   */
  public void joinSiblings(List<SiblingChain> chains) {
    for (SiblingChain chain : chains) {
      if (chain.partition() == settings.partition()) {
        throw new IllegalArgumentException("not another partition: " + chain.partition());
      }
    }
    siblings = List.copyOf(chains);
    siblings.forEach(chain ->
        chain.onAdvance(
            () -> ledgerThread.session().ifPresent(session -> session.inbox().nudge())));
  }

  /** Returns at once; see {@link #awaitWriting}. */
  public void start() {
    parts.start(this::feedLagMillis);
    startPartition();
  }

  void startPartition() {
    ledgerThread.start();
  }

  /**
   * Waits until this server writes the chain; false when it does not in time, for whatever reason.
   */
  public boolean awaitWriting(long millis) throws InterruptedException {
    return ledgerThread.awaitWriting(millis);
  }

  public NodePhase phase() {
    return ledgerThread.phase();
  }

  /** The server that writes the partition, this one or another, as far as this one knows. */
  public Optional<String> writer() {
    return ledgerThread.writer();
  }

  /** For how long this server has seen nobody write the partition. */
  public long unwrittenMillis() {
    return ledgerThread.unwrittenMillis();
  }

  public NodeSettings settings() {
    return settings;
  }

  /** The newest acknowledged state. */
  public LedgerState ledger() {
    return ledger.state();
  }

  /** The block after which {@link #ledger} holds, or a later one. */
  public ChainTip tip() {
    return ledger.tip();
  }

  /** Up to which block it could go on; {@link LiveServers#NOT_ABLE} when it stands still. */
  long ableHeight() {
    return LiveServers.ableHeight(phase(), tip().height());
  }

  /** The chain that this server writes or follows, for the bank's other partitions to read. */
  public SiblingChain asSibling() {
    return new PublishedSibling(ledger, ports.periods());
  }

  /**
   * The block after which the snapshot was taken that this server began with; 0 when it folded the
   * whole chain.
   */
  public long restoredHeight() {
    return snapshots.restoredHeight();
  }

  public SetAside setAside() {
    return setAside;
  }

  /** Messages that blocks owe and that are not durable yet; 0 while another server writes. */
  public int outboxPending() {
    return ledgerThread.session().map(session -> session.outbox().pending()).orElse(0);
  }

  /** Rows read and not consumed yet; 0 while another server writes. */
  public int inboxRows() {
    return ledgerThread.session().map(session -> session.inbox().rowsInFlight()).orElse(0);
  }

  /** Rows that wait for their writers' credit; 0 while another server writes. */
  public int parkedRows() {
    return ledgerThread.session().map(session -> session.inbox().parkedRows()).orElse(0);
  }

  /**
   * For how long the oldest row without credit has waited, parked or left out, milliseconds; 0
   * while another server writes. No part of {@link #feedLagMillis}: junk is no reason to refuse
   * customers.
   */
  public long withoutCreditMillis() {
    return ledgerThread.session().stream()
        .flatMapToLong(session -> session.inbox().oldestWithoutCreditMillis().stream())
        .map(oldest -> Math.max(0, ports.clock().millis() - oldest))
        .findFirst()
        .orElse(0);
  }

  /**
   * Messages that wait for a key of the bank which this server lacks; 0 while another server
   * writes.
   */
  public int waitingForOurKey() {
    return ledgerThread.session().map(session -> session.inbox().waitingForOurKey()).orElse(0);
  }

  /** By how much the ledger lags behind the messages that were read on credit, milliseconds. */
  public long feedLagMillis() {
    return ledgerThread
        .session()
        .map(session ->
            Math.max(
                session.follower().millisSinceRead() - settings.inbox().pollMillis(),
                session.follower().behindMillis() + session.inbox().longestWaitMillis()))
        .map(lag -> Math.max(0, lag))
        .orElse(0L);
  }

  /**
   * Hands a message that was set aside to the inbox once more.
   *
   * @param storedAtMillis when the store stamped it
   * @return false while another server writes
   */
  public boolean release(String envelope, long storedAtMillis) throws InterruptedException {
    Optional<WritingSession> session = ledgerThread.session();
    if (session.isEmpty()) {
      return false;
    }
    session.get().inbox().inject(envelope, storedAtMillis);
    return true;
  }

  /** Stops cleanly: finishes the block in hand and lets the outbox finish, within the limits. */
  @Override
  public void close() {
    beginStop();
    awaitStop();
    if (ownsParts) {
      parts.stop();
    }
  }

  /** Returns at once; the ledger thread finishes. */
  void beginStop() {
    ledgerThread.stop();
  }

  void awaitStop() {
    try {
      ledgerThread.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops at once and finishes nothing, as a crash would. */
  public void kill() {
    parts.interrupt();
    killPartition();
    if (ownsParts) {
      parts.stop();
    }
  }

  void killPartition() {
    try {
      ledgerThread.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
