package org.interseal.launcher.period;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.interseal.bank.chain.ChainIdentity;
import org.interseal.bank.chain.ChainPlace;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.store.AppendTable;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/**
 * Finds the rows of a chain that archives have. A row whose id is no place is nobody's block, and
 * neither is one beside a block that was exported: no archive has it, and it stays in the store.
 */
final class ArchivedRows {
  private static final int PAGE = 256;

  /** What archives say of a row that is a block by its id. */
  enum Held {
    /** One has it, byte for byte. */
    ARCHIVED,
    /** None has it, and one has what stands at its height: this was planted beside it later. */
    BESIDE,
    /** None has it, or another row under its id. */
    MISSING
  }

  /** How archives hold rows. */
  @FunctionalInterface
  interface Archives {
    Held hold(Row row) throws IOException;
  }

  /** The archives of one chain, each without holes. */
  static Archives of(ChainIdentity chain, List<LedgerArchive> archives) {
    List<LedgerArchive> ofChain =
        archives.stream().filter(archive -> archive.header().chain().equals(chain)).toList();
    return row -> hold(row, ofChain);
  }

  private static Held hold(Row row, List<LedgerArchive> archives) throws IOException {
    ChainPlace place =
        ChainPlace.parse(row.id())
            .orElseThrow(() -> new IllegalArgumentException("no place: " + row.id()));
    String first = new ChainPlace(place.partition(), place.height(), 0).rowId();
    boolean beside = false;
    boolean differs = false;
    for (LedgerArchive archive : archives) {
      Optional<Row> found = archive.find(row.id());
      if (found.isPresent() && found.get().body().equals(row.body())) {
        return Held.ARCHIVED;
      }
      differs |= found.isPresent();
      beside |= archive.find(first).isPresent();
    }
    return beside && !differs ? Held.BESIDE : Held.MISSING;
  }

  /**
   * Compared rows with nothing else between them: ids from one, inclusive, to another, exclusive.
   */
  record Range(String from, String before) {}

  private final Archives archives;

  ArchivedRows(Archives archives) {
    this.archives = archives;
  }

  /**
   * All blocks before {@code endId}.
   *
   * @throws IOException when the archives have not all of them
   */
  List<Range> of(AppendTable blocks, String prefix, String endId)
      throws IOException, StoreUnavailable {
    List<Range> ranges = new ArrayList<>();
    String first = "";
    String from = "";
    for (List<Row> page = blocks.readById(prefix, from, PAGE);
        !page.isEmpty() && page.getFirst().id().compareTo(endId) < 0;
        page = blocks.readById(prefix, from, PAGE)) {
      for (Row row : page) {
        boolean block = row.id().compareTo(endId) < 0 && isArchived(row);
        if (block && first.isEmpty()) {
          first = row.id();
        } else if (!block && !first.isEmpty()) {
          ranges.add(new Range(first, from));
          first = "";
        }
        // The next id in order: '-' is the lowest character that an id may have.
        from = row.id() + "-";
      }
    }
    if (!first.isEmpty()) {
      ranges.add(new Range(first, from));
    }
    return ranges;
  }

  private boolean isArchived(Row row) throws IOException {
    if (ChainPlace.parse(row.id()).isEmpty()) {
      return false;
    }
    return switch (archives.hold(row)) {
      case ARCHIVED -> true;
      case BESIDE -> false;
      case MISSING -> throw new IOException("nothing is dropped: no archive has row " + row.id());
    };
  }

  /**
   * What of a closed part is in the store.
   *
   * @param missing the lowest height of a row that no archive makes superfluous; empty when there
   *     is none
   * @param archived whether there are rows that archives have
   */
  record Kept(OptionalLong missing, boolean archived) {
    static final Kept NOTHING = new Kept(OptionalLong.empty(), false);

    boolean isNothing() {
      return missing.isEmpty() && !archived;
    }
  }

  /** What of the blocks before {@code endId} is there. */
  Kept kept(AppendTable blocks, String prefix, String endId) throws IOException, StoreUnavailable {
    boolean archived = false;
    String from = "";
    for (List<Row> page = blocks.readById(prefix, from, PAGE);
        !page.isEmpty() && page.getFirst().id().compareTo(endId) < 0;
        page = blocks.readById(prefix, from, PAGE)) {
      for (Row row : page) {
        Optional<ChainPlace> place = ChainPlace.parse(row.id());
        if (place.isPresent() && row.id().compareTo(endId) < 0) {
          Held held = archives.hold(row);
          if (held == Held.MISSING) {
            return new Kept(OptionalLong.of(place.get().height()), archived);
          }
          archived |= held == Held.ARCHIVED;
        }
      }
      from = page.getLast().id() + "-";
    }
    return new Kept(OptionalLong.empty(), archived);
  }
}
