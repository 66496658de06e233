package org.interseal.bank.processing;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.store.MutableTable;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Who should write a partition: a hint that keeps servers out of each other's way. What keeps them
 * from doing harm are the chain's fences.
 *
 * <p>A holder is silent when its row did not change for the length of a lease, as this server saw
 * it and by its own running time: stamps of the store come from the clocks of several nodes, and
 * servers that believed them would take the chain from each other for ever. For the ledger thread.
 */
final class WriterLease {
  private static final int VERSION = 3;

  /** Holds the lease once its holder gave it back. */
  private static final String NOBODY = "";

  private static final Pattern PARTITION_ROW = Pattern.compile("p[0-9]{2}");

  /**
   * @param run the holder's process, from its start to its end: two processes with the keys of one
   *     node are two writers
   * @param heir who should have it next, once its holder gave it back; others wait a little
   */
  private record Holder(int v, String node, String run, String heir) {}

  private final MutableTable leases;
  private final String id;
  private final String node;
  private final String run;
  private final long leaseNanos;
  private final LongSupplier nanoTime;
  private final Predicate<String> revoked;
  private final Predicate<String> isOurTurn;

  private volatile String writer = NOBODY;
  private boolean held;

  /** False once the store said that this process does not have it. */
  private boolean mayBeOurs;

  /** The live server that was seen to write last, if any, by its row or a block. */
  private String lastLive = NOBODY;

  private long lastLiveNanos;

  /** Since when the row is a revoked server's, while it is. */
  private OptionalLong revokedSinceNanos = OptionalLong.empty();

  private MutableTable.@Nullable Versioned seen;
  private long seenSinceNanos;

  /**
   * @param run of this process; no other ever has it
   * @param revoked whether the node of that name has no voice any more: its lease is nobody's
   * @param isOurTurn whether this server should be the first to take it, by the name of the silent
   *     holder, empty when it was given back; otherwise it waits half a lease longer
   */
  WriterLease(
      Store own,
      String partition,
      String node,
      String run,
      long leaseMillis,
      LongSupplier nanoTime,
      Predicate<String> revoked,
      Predicate<String> isOurTurn) {
    this.leases = own.mutable(TableName.LEASES);
    this.id = partition;
    this.node = node;
    this.run = run;
    this.leaseNanos = TimeUnit.MILLISECONDS.toNanos(leaseMillis);
    this.nanoTime = nanoTime;
    this.revoked = revoked;
    this.isOurTurn = isOurTurn;
  }

  /** Takes the lease, or renews it; false while another process has it and is not silent. */
  boolean hold() throws StoreUnavailable {
    Optional<MutableTable.Versioned> row = leases.find(id);
    if (row.isPresent() && !isFree(row.get())) {
      mayBeOurs = false;
      return false;
    }
    boolean taken = take(row);
    held |= taken;
    writer = taken ? node : writer;
    return taken;
  }

  /**
   * Renews what this process took; false when another process has it, or had it in between: what
   * that one wrote is not known here, even when it has given the lease back or is gone. An evicted
   * server that still writes the row makes nobody step down.
   */
  boolean keep() throws StoreUnavailable {
    Optional<MutableTable.Versioned> row = leases.find(id);
    Optional<Holder> holder = row.flatMap(WriterLease::holder);
    boolean evicted = holder.filter(this::isRevoked).isPresent();
    mayBeOurs = evicted || holder.filter(this::isThisRun).isPresent();
    return mayBeOurs && (take(row) || evicted);
  }

  private boolean take(Optional<MutableTable.Versioned> row) throws StoreUnavailable {
    // Also when no answer comes.
    mayBeOurs = true;
    mayBeOurs = write(row, new Holder(VERSION, node, run, NOBODY));
    return mayBeOurs;
  }

  /**
   * Gives it back, so that the next one need not wait; nothing when it is not ours any more.
   *
   * @param heir who should have it next; nobody in particular when empty
   */
  void release(Optional<String> heir) throws StoreUnavailable {
    Optional<MutableTable.Versioned> row = leases.find(id);
    if (row.isPresent() && holder(row.get()).filter(this::isThisRun).isPresent()) {
      writer = NOBODY;
      var _ = write(row, new Holder(VERSION, NOBODY, NOBODY, heir.orElse(NOBODY)));
    }
    mayBeOurs = false;
  }

  /** Whether the row may be this process's: there is something to give back. */
  boolean mayBeOurs() {
    return mayBeOurs;
  }

  /** A block of that server was followed. */
  void sawBlockOf(String author) {
    if (!author.equals(node)) {
      lastLive = author;
      lastLiveNanos = nanoTime.getAsLong();
    }
  }

  private boolean write(Optional<MutableTable.Versioned> row, Holder holder)
      throws StoreUnavailable {
    long version = row.map(MutableTable.Versioned::version).orElse(0L);
    return leases.compareAndSet(id, version, ProtocolJson.encodeText(holder));
  }

  private boolean isFree(MutableTable.Versioned row) {
    boolean changed = hasChanged(row);
    long silentNanos = nanoTime.getAsLong() - seenSinceNanos;
    Optional<Holder> holder = holder(row);
    if (holder.filter(this::isRevoked).isPresent()) {
      return isFreeOf(holder.get().node());
    }
    revokedSinceNanos = OptionalLong.empty();
    if (holder.filter(this::isOurs).isPresent()) {
      return true;
    }
    String name = holder.map(Holder::node).orElse(NOBODY);
    if (changed) {
      lastLive = name;
      lastLiveNanos = seenSinceNanos;
    }
    boolean givenBack = holder.isPresent() && name.equals(NOBODY);
    long freeNanos = givenBack ? 0 : leaseNanos;
    writer = silentNanos < freeNanos ? name : NOBODY;
    return silentNanos >= freeNanos + (isFirst(holder, name) ? 0 : leaseNanos / 2);
  }

  /**
   * A row of a revoked server says nothing, however often it writes it: the lease is that of the
   * live server that was seen to write before, until that one is silent. Otherwise each such row
   * would make live servers take the chain from each other.
   */
  private boolean isFreeOf(String revokedServer) {
    long now = nanoTime.getAsLong();
    if (revokedSinceNanos.isEmpty()) {
      revokedSinceNanos = OptionalLong.of(now);
    }
    boolean written = !lastLive.equals(NOBODY) && !revoked.test(lastLive);
    long quietNanos =
        written ? now - lastLiveNanos - leaseNanos : now - revokedSinceNanos.getAsLong();
    writer = quietNanos < 0 ? lastLive : NOBODY;
    return quietNanos >= (isOurTurn.test(revokedServer) ? 0 : leaseNanos / 2);
  }

  private boolean isFirst(Optional<Holder> holder, String name) {
    String heir = holder.map(Holder::heir).orElse(NOBODY);
    return heir.equals(NOBODY) ? isOurTurn.test(name) : heir.equals(node);
  }

  /** The node that has the lease and is not silent, as the last look showed it. Any thread. */
  Optional<String> writer() {
    return Optional.of(writer).filter(name -> !name.equals(NOBODY));
  }

  /** Which partition's lease a row is; negative when it is something else. */
  static int partitionOf(String rowId) {
    return PARTITION_ROW.matcher(rowId).matches() ? Integer.parseInt(rowId.substring(1)) : -1;
  }

  /** Who has the lease that the row shows, or should have it next. */
  static Optional<String> holderOrHeir(MutableTable.Versioned row) {
    return holder(row)
        .map(holder -> holder.node().equals(NOBODY) ? holder.heir() : holder.node())
        .filter(name -> !name.equals(NOBODY));
  }

  private boolean isRevoked(Holder holder) {
    return !holder.node().equals(node) && revoked.test(holder.node());
  }

  /** At first what the node's earlier process had is ours: normally it is gone. */
  private boolean isOurs(Holder holder) {
    return isThisRun(holder) || (!held && holder.node().equals(node));
  }

  private boolean isThisRun(Holder holder) {
    return holder.node().equals(node) && holder.run().equals(run);
  }

  /** Nobody's where it cannot be read: it goes silent. */
  private static Optional<Holder> holder(MutableTable.Versioned row) {
    try {
      return Optional.of(ProtocolJson.decode(row.body(), Holder.class));
    } catch (MalformedMessage e) {
      return Optional.empty();
    }
  }

  private boolean hasChanged(MutableTable.Versioned row) {
    if (seen != null && seen.version() == row.version() && seen.body().equals(row.body())) {
      return false;
    }
    seen = row;
    seenSinceNanos = nanoTime.getAsLong();
    return true;
  }
}
