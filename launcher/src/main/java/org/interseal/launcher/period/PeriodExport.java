package org.interseal.launcher.period;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.chain.PeriodKeys;
import org.interseal.bank.founding.RecoveryKey;
import org.interseal.bank.processing.RegistryNodeTrust;
import org.interseal.bank.verify.ArchiveWriter;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.crypto.SecretKey256;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.verify.ClosedPart;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;

/** Writes what is closed of a bank's chains into files. */
final class PeriodExport {
  private static final int PAGE = 256;

  private final FoundingAccess bank;
  private final Path directory;

  PeriodExport(FoundingAccess bank, Path directory) {
    this.bank = bank;
    this.directory = directory;
  }

  /** The files, one for each chain that has a closed part in the store. */
  List<Path> run() throws IOException, StoreUnavailable {
    Files.createDirectories(directory);
    int partitions =
        bank.banks()
            .bank(bank.bank())
            .orElseThrow(() -> new IOException(bank.bank() + " has no licence"))
            .partitions();
    List<Path> written = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      Optional<ClosedPart> closed =
          ClosedPart.of(
              new ChainIdentity(bank.bank(), partition),
              bank.own(),
              new RegistryNodeTrust(bank.bank(), bank.banks()),
              periods());
      if (closed.isPresent()) {
        export(closed.get()).ifPresent(written::add);
      }
    }
    return written;
  }

  private PeriodKeys periods() {
    return periods(bank);
  }

  /** All that the founding vault has. */
  static PeriodKeys periods(FoundingAccess bank) {
    return new PeriodKeys() {
      @Override
      public String currentPeriod() {
        return "";
      }

      @Override
      public Optional<SecretKey256> key(String periodId) {
        return bank.founding().periodKey(periodId);
      }
    };
  }

  private Optional<Path> export(ClosedPart closed) throws IOException, StoreUnavailable {
    AppendTable blocks = bank.own().append(TableName.BLOCKS);
    Optional<ChainPlace> from = firstPlace(closed.prefix(), blocks);
    if (from.isEmpty() || from.get().height() > closed.lastHeight()) {
      return Optional.empty();
    }
    LedgerArchive.Header header =
        new LedgerArchive.Header(
            LedgerArchive.VERSION,
            bank.bank(),
            closed.chain().partition(),
            from.get().height(),
            closed.lastHeight(),
            closed.closedBy().period(),
            closed.closedBy().place().rowId(),
            closed.closedBy().hash());
    Path file =
        directory.resolve(
            closed.chain() + "." + header.firstHeight() + "-" + header.lastHeight() + ".archive");
    try (ArchiveWriter writer = ArchiveWriter.begin(file, header)) {
      for (String key : RecoveryKey.wrapped(bank.own())) {
        writer.addKey(key);
      }
      addRecords(writer);
      addBlocks(writer, closed, blocks);
      writer.finish();
    }
    // What cannot be read again is no archive.
    LedgerArchive.open(file).close();
    return Optional.of(file);
  }

  /** Of the rows that are blocks: whoever may write may have left others before them. */
  static Optional<ChainPlace> firstPlace(String prefix, AppendTable blocks)
      throws StoreUnavailable {
    String from = "";
    for (List<Row> page = blocks.readById(prefix, from, PAGE);
        !page.isEmpty();
        page = blocks.readById(prefix, from, PAGE)) {
      Optional<ChainPlace> first =
          page.stream().flatMap(row -> ChainPlace.parse(row.id()).stream()).findFirst();
      if (first.isPresent()) {
        return first;
      }
      from = page.getLast().id() + "-";
    }
    return Optional.empty();
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

  private static void addBlocks(ArchiveWriter writer, ClosedPart closed, AppendTable blocks)
      throws IOException, StoreUnavailable {
    String from = "";
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
