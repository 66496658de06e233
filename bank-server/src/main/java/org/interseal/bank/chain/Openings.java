package org.interseal.bank.chain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.interseal.store.AppendTable;
import org.interseal.store.InsertOutcome;
import org.interseal.store.NewRow;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.StoreUnavailable;

/**
 * Where to look for the blocks that close a chain's periods: rows of table {@code snapshots} in a
 * stream of their own. Hints: whoever uses one verifies the block that it points to, and a missing
 * one costs another opening.
 *
 * <p>A row's body is {@code opening.1.<period>.<row id of the block>.<hash, hexadecimal>} with the
 * row id's dots as underscores; its id is the hash of that, as of every row of the table.
 */
public final class Openings {
  private static final Pattern BODY =
      Pattern.compile("opening\\.1\\.([A-Za-z0-9_-]{1,32})\\.([pa0-9_]+)\\.([0-9a-f]{64})");
  private static final int PAGE = 100;

  /** Hints read at most; a chain has one for each period. */
  private static final int MAX_HINTS = 10_000;

  private final ChainIdentity chain;
  private final AppendTable table;

  /**
   * @param table {@code snapshots}
   */
  public Openings(ChainIdentity chain, AppendTable table) {
    this.chain = chain;
    this.table = table;
  }

  /**
   * A block that says it opens a period.
   *
   * @param place where the block stands
   */
  public record Hint(String period, ChainPlace place, Bytes hash) {}

  /** The stream of a chain's hints; no chunk is in it. */
  public static String stream(int partition) {
    return ChainPlace.stream(partition) + ".openings";
  }

  /** Leaves a hint; whether it is durable. */
  public CompletableFuture<Boolean> leave(Hint hint) {
    String body =
        String.format(
            Locale.ROOT,
            "opening.1.%s.%s.%s",
            hint.period(),
            hint.place().rowId().replace('.', '_'),
            hint.hash().toHex());
    NewRow row =
        new NewRow(stream(chain.partition()), Bytes.sha256(Bytes.utf8(body)).toBase64Url(), body);
    return table
        .insert(List.of(row))
        .thenApply(outcomes ->
            switch (outcomes.getFirst()) {
              case InsertOutcome.Inserted _, InsertOutcome.AlreadyThere _ -> true;
              case InsertOutcome.Occupied _, InsertOutcome.Unknown _, InsertOutcome.Failed _ ->
                  false;
            });
  }

  /** All hints, the one of the highest block first. */
  public List<Hint> newestFirst() throws StoreUnavailable {
    List<Hint> hints = new ArrayList<>();
    Position at = Position.START;
    for (int read = 0; read < MAX_HINTS; read += PAGE) {
      List<Row> page = table.readAfter(stream(chain.partition()), at, PAGE);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(row -> parse(row.body()).ifPresent(hints::add));
      at = page.getLast().position();
    }
    hints.sort(Comparator.comparingLong((Hint hint) -> hint.place().height()).reversed());
    return hints;
  }

  private Optional<Hint> parse(String body) {
    Matcher hint = BODY.matcher(body);
    if (!hint.matches()) {
      return Optional.empty();
    }
    return ChainPlace.parse(hint.group(2).replace('_', '.'))
        .filter(place -> place.partition() == chain.partition())
        .map(place -> new Hint(hint.group(1), place, Bytes.hex(hint.group(3))));
  }
}
