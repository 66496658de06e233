package org.interseal.launcher.period;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.founding.RecoveryKey;
import org.interseal.bank.verify.ArchiveWriter;
import org.interseal.bank.verify.ArchivedBlocks;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.launcher.verify.ClosedParts;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** Writes what is closed of a bank's chains into files. */
final class PeriodExport {
  private static final int PAGE = 256;

  private final FoundingAccess bank;
  private final List<LedgerArchive> dropped;
  private final Path directory;

  /**
   * @param dropped archives of what the store has no more
   */
  PeriodExport(FoundingAccess bank, List<LedgerArchive> dropped, Path directory) {
    this.bank = bank;
    this.dropped = List.copyOf(dropped);
    this.directory = directory;
  }

  /**
   * The files, one for each chain that has a closed part in the store.
   *
   * @throws IOException when a chain does not prove what of it is closed
   */
  List<Path> run() throws IOException, StoreUnavailable {
    Files.createDirectories(directory);
    List<Path> written = new ArrayList<>();
    for (ClosedParts.OfChain chain : ClosedParts.of(bank, dropped)) {
      Optional<ClosedPart> closed = chain.certain();
      if (closed.isPresent()) {
        export(closed.get()).ifPresent(written::add);
      }
    }
    return written;
  }

  private Optional<Path> export(ClosedPart closed) throws IOException, StoreUnavailable {
    AppendTable kept = bank.own().append(TableName.BLOCKS);
    OptionalLong from =
        new ArchivedRows(ArchivedRows.of(closed.chain(), dropped))
            .kept(kept, closed.prefix(), closed.endId())
            .missing();
    if (from.isEmpty()) {
      return Optional.empty();
    }
    LedgerArchive.Header header =
        new LedgerArchive.Header(
            LedgerArchive.VERSION,
            bank.bank(),
            closed.chain().partition(),
            from.getAsLong(),
            closed.lastHeight(),
            Integer.toString(closed.period()),
            closed.closedAt().rowId(),
            closed.closedBy());
    Path file =
        directory.resolve(
            closed.chain() + "." + header.firstHeight() + "-" + header.lastHeight() + ".archive");
    try (ArchiveWriter writer = ArchiveWriter.begin(file, header)) {
      for (String key : RecoveryKey.wrapped(bank.own())) {
        writer.addKey(key);
      }
      addRecords(writer);
      addBlocks(writer, closed, header.firstHeight(), kept);
      writer.finish();
    }
    // What cannot be read again is no archive.
    LedgerArchive.open(file).close();
    return Optional.of(file);
  }

  private void addRecords(ArchiveWriter writer) throws IOException, StoreUnavailable {
    AppendTable records = bank.shared().append(TableName.BANK_KEYS);
    String from = "";
    for (List<Row> page = records.readById("", from, PAGE);
        !page.isEmpty();
        page = records.readById("", from, PAGE)) {
      for (Row row : page) {
        writer.addRecord(row);
      }
      // The next id in order: '-' is the lowest character that an id may have.
      from = page.getLast().id() + "-";
    }
  }

  /** Of store and archives together: what a drop took that was cut off is written again. */
  private void addBlocks(ArchiveWriter writer, ClosedPart closed, long first, AppendTable kept)
      throws IOException, StoreUnavailable {
    ArchivedBlocks blocks =
        new ArchivedBlocks(
            kept,
            dropped.stream()
                .filter(archive -> archive.header().chain().equals(closed.chain()))
                .toList());
    String from = new ChainPlace(closed.chain().partition(), first, 0).rowId();
    for (List<Row> page = blocks.readById(closed.prefix(), from, PAGE);
        !page.isEmpty();
        page = blocks.readById(closed.prefix(), from, PAGE)) {
      for (Row row : page) {
        if (row.id().compareTo(closed.endId()) >= 0) {
          return;
        }
        // A row whose id is no place is nobody's block, and stays in the store.
        if (ChainPlace.parse(row.id()).isPresent()) {
          writer.addBlock(row);
        }
      }
      from = page.getLast().id() + "-";
    }
  }
}
