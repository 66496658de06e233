package org.interseal.launcher.period;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.interseal.bank.chain.ChainMemory;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.RememberedHeads;
import org.interseal.bank.founding.FoundingLock;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.ClosedFederation;
import org.interseal.launcher.federation.ClosedLedgerRows;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.launcher.verify.Archives;
import org.interseal.launcher.verify.BooksCheck;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/**
 * Drops what is closed, exported and verified from the store of a federation that is not running.
 * Killed at any point, it is finished by running it again.
 */
final class PeriodDrop {
  private final ClosedFederation federation;
  private final StoreChoice store;
  private final List<Path> archiveFiles;
  private final SecureRandom random;
  private final Consumer<String> out;

  PeriodDrop(
      ClosedFederation federation,
      StoreChoice store,
      List<Path> archiveFiles,
      SecureRandom random,
      Consumer<String> out) {
    this.federation = federation;
    this.store = store;
    this.archiveFiles = List.copyOf(archiveFiles);
    this.random = random;
    this.out = out;
  }

  /**
   * @throws IOException when anything about store or archives is not sound, or something closed is
   *     in no archive: then nothing is dropped
   */
  void run(List<BankId> banks, Optional<Path> periodKeys) throws IOException, StoreUnavailable {
    Deque<FoundingLock> locks = new ArrayDeque<>();
    try {
      // Whoever exports meanwhile would write half of it.
      for (BankId bank : banks) {
        locks.push(FoundingAccess.lock(federation.directory(), bank, "period drop"));
      }
      verifyAndDrop(banks, periodKeys);
    } finally {
      while (!locks.isEmpty()) {
        locks.pop().close();
      }
    }
  }

  private void verifyAndDrop(List<BankId> banks, Optional<Path> periodKeys)
      throws IOException, StoreUnavailable {
    switch (BooksCheck.of(federation, periodKeys, archiveFiles)) {
      case BooksCheck.Unsound(String place) ->
          throw new IOException("nothing is dropped, as not all is sound: " + place);
      case BooksCheck.Sound(List<ClosedPart> closed) -> drop(banks, closed);
    }
  }

  private void drop(List<BankId> banks, List<ClosedPart> closed)
      throws IOException, StoreUnavailable {
    List<Droppable> all = new ArrayList<>();
    try (Archives archives = Archives.open(archiveFiles)) {
      for (BankId bank : banks) {
        all.addAll(
            droppable(
                bank,
                closed.stream().filter(part -> part.chain().bank().equals(bank)).toList(),
                archives.all()));
      }
    }
    for (Droppable each : all) {
      drop(each);
    }
  }

  /**
   * What may go.
   *
   * @param compared blocks that were held to the archives, and no other rows
   */
  private record Droppable(ClosedPart closed, List<ArchivedRows.Range> compared) {}

  /** What may go; everything of all banks is looked at before anything does. */
  private List<Droppable> droppable(
      BankId bank, List<ClosedPart> closed, List<LedgerArchive> archives)
      throws IOException, StoreUnavailable {
    List<Droppable> parts = new ArrayList<>();
    try (FoundingAccess access =
        FoundingAccess.openToRead(federation.directory(), store, bank, random)) {
      if (access.banks().bank(bank).orElseThrow().partitions() > 1) {
        // The partitions read each other's chains: what one has closed another may still need.
        throw new IOException(bank + " has several ledger partitions: nothing of it is dropped");
      }
      for (ClosedPart part : closed) {
        requireSeen(part);
        parts.add(
            new Droppable(
                part,
                new ArchivedRows(ArchivedRows.of(part.chain(), archives))
                    .of(access.own().append(TableName.BLOCKS), part.prefix(), part.endId())));
      }
    }
    return parts;
  }

  /** A server that saw nothing of the opening could not be sure of the chain without the rest. */
  private void requireSeen(ClosedPart closed) throws IOException {
    for (Path memory : federation.serverMemories(closed.chain().bank())) {
      if (java.nio.file.Files.exists(memory.resolve(closed.chain() + ".head"))) {
        requireSeen(closed, memory);
      }
    }
  }

  /** An opening is proved from the block on that names it, and not before. */
  static void requireSeen(ClosedPart closed, Path memory) throws IOException {
    try (RememberedHeads heads = RememberedHeads.open(memory, closed.chain())) {
      Optional<ChainMemory.Head> head = heads.remembered();
      if (head.isPresent() && head.get().height() < closed.closedAt().height()) {
        throw new IOException(
            "nothing is dropped: "
                + memory.getFileName()
                + " of "
                + closed.chain().bank()
                + " has not followed the chain to block "
                + closed.closedAt().height());
      }
    }
  }

  private void drop(Droppable part) throws IOException {
    ClosedPart closed = part.closed();
    ClosedLedgerRows rows = federation.closedRows(closed.chain().bank());
    long blocks = 0;
    for (ArchivedRows.Range range : part.compared()) {
      blocks += rows.dropBlocks(range.from(), range.before());
    }
    long chunks = 0;
    for (String period : closed.earlierPeriods()) {
      chunks +=
          rows.dropSnapshots(ChainPlace.stream(closed.chain().partition()), "1." + period + ".");
    }
    out.accept(
        closed.chain()
            + ": dropped blocks up to "
            + closed.lastHeight()
            + " ("
            + blocks
            + " rows) and "
            + chunks
            + " snapshot chunks of earlier periods");
  }
}
