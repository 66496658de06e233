package org.interseal.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.MalformedMessage;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.MailboxItem;
import org.interseal.store.AppendTable;
import org.interseal.store.Position;
import org.interseal.store.Row;
import org.interseal.store.Store;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.StreamReader;
import org.interseal.store.TableName;

/** Reads mailboxes. Rows that are no items are left out and counted. Thread-safe. */
final class Mailbox {
  private final Store store;
  private final AppendTable table;
  private final GatewayMeters meters;

  Mailbox(Store bankStore, GatewayMeters meters) {
    this.store = bankStore;
    this.table = bankStore.append(TableName.MAILBOX);
    this.meters = meters;
  }

  /** Whether rows may become visible later than a feed says, or behind others. */
  boolean overlaps() {
    return store.overlapMillis() > 0;
  }

  AppendTable table() {
    return table;
  }

  /** A reader that returns no row twice, for event streams and waiting calls. */
  StreamReader reader(String owner, Position start) {
    return new StreamReader(store, table, owner, start);
  }

  /** The store's time now: what is written from here on comes behind it, less the overlap. */
  Position now() throws StoreUnavailable {
    return new Position(store.nowMillis(), "");
  }

  /** One page behind the cursor. */
  RestApi.MailboxPage page(String owner, MailboxCursor after, int limit) throws StoreUnavailable {
    List<Row> rows = table.readAfter(owner, after.readFrom(store.overlapMillis()), limit);
    if (rows.isEmpty()) {
      return new RestApi.MailboxPage(
          List.of(), MailboxCursor.resume(after.position()).text(), false);
    }
    Position last = rows.getLast().position();
    boolean more = !table.referencesAfter(owner, last, 1).isEmpty();
    Position highest = last.compareTo(after.position()) > 0 ? last : after.position();
    MailboxCursor next = more ? MailboxCursor.nextPage(last) : MailboxCursor.resume(highest);
    List<RestApi.Item> items = new ArrayList<>(rows.size());
    for (Row row : rows) {
      item(row).ifPresent(items::add);
    }
    return new RestApi.MailboxPage(items, next.text(), more);
  }

  /** The item of a row. */
  Optional<RestApi.Item> item(Row row) {
    try {
      MailboxItem item = ProtocolJson.decode(row.body(), MailboxItem.class);
      String cursor = MailboxCursor.resume(row.position()).text();
      return Optional.of(new RestApi.Item(row.id(), cursor, item.inReplyTo(), item.envelope()));
    } catch (MalformedMessage e) {
      meters.rowRefused("mailbox", "malformed");
      return Optional.empty();
    }
  }

  /**
   * Looks for an item that was posted before somebody began to wait for it.
   *
   * @param maxPages bound of what is read
   */
  Optional<RestApi.Item> findReply(String owner, String submissionId, Position from, int maxPages)
      throws StoreUnavailable {
    Position at = from;
    for (int page = 0; page < maxPages; page++) {
      List<Row> rows = table.readAfter(owner, at, RestApi.MAX_PAGE_ITEMS);
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      for (Row row : rows) {
        Optional<RestApi.Item> item = item(row).filter(i -> submissionId.equals(i.inReplyTo()));
        if (item.isPresent()) {
          return item;
        }
      }
      at = rows.getLast().position();
    }
    return Optional.empty();
  }
}
