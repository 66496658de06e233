package org.interseal.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.http.RequestSigner;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.message.DeviceNotice;
import org.jspecify.annotations.Nullable;

/**
 * A device's mailbox: fetches what is new, opens it, and hands every notice on, also what this
 * process or an earlier one has seen before and what has expired: who waits for an answer wants
 * those too.
 */
final class Mailbox {

  /**
   * Most pages that one poll fetches, so that a gateway that invents pages is not followed for
   * ever.
   */
  static final int MAX_PAGES = 1_000;

  /** Hears of every notice that was proved. */
  @FunctionalInterface
  interface Listener {
    void notice(DeviceNotice notice, SeenNotices.News news);
  }

  private final BankClient bank;
  private final DeviceMemory memory;
  private final RequestSigner signer;
  private final NoticeReader reader;
  private final Listener listener;
  private final Consumer<String> refusals;
  private final AtomicLong refused = new AtomicLong();
  private SeenNotices seen;
  private @Nullable String cursor;
  private @Nullable CompletableFuture<Integer> polling;

  /**
   * @param refusals hears the reason of everything that was not believed
   */
  Mailbox(BankClient bank, DeviceMemory memory, Listener listener, Consumer<String> refusals) {
    this.bank = bank;
    this.memory = memory;
    this.signer = bank.api().signer(memory.keys());
    this.reader = new NoticeReader(bank.bank(), memory.keys(), bank.runtime().clock());
    this.listener = listener;
    this.refusals = refusals;
    DeviceProfile profile = memory.profile();
    this.seen = profile.seen();
    this.cursor = profile.mailboxCursor();
  }

  synchronized @Nullable String cursor() {
    return cursor;
  }

  long refused() {
    return refused.get();
  }

  /**
   * Fetches and handles what is new; how many items that were. Calls that overlap share one fetch.
   */
  CompletableFuture<Integer> poll() {
    CompletableFuture<Integer> mine;
    synchronized (this) {
      if (polling != null) {
        return polling;
      }
      mine = new CompletableFuture<>();
      polling = mine;
    }
    var _ =
        fetch(cursor(), 0, 0, 0)
            .whenComplete((count, failure) -> {
              synchronized (this) {
                polling = null;
              }
              if (failure == null) {
                mine.complete(count);
              } else {
                mine.completeExceptionally(ClientRuntime.cause(failure));
              }
            });
    return mine;
  }

  private CompletableFuture<Integer> fetch(
      @Nullable String after, int handled, int pages, int failures) {
    URI gateway = bank.gateway(failures);
    return bank.api()
        .mailbox(gateway, signer, after, RestApi.MAX_PAGE_ITEMS)
        .thenComposeAsync(
            attempt ->
                switch (attempt) {
                  case Attempt.Succeeded<RestApi.MailboxPage>(RestApi.MailboxPage page) -> {
                    bank.answered(gateway);
                    yield handle(page).thenCompose(_ -> next(page, handled, pages));
                  }
                  case Attempt.TryAgain<RestApi.MailboxPage> again ->
                      failures + 1 < bank.gateways().size()
                          ? fetch(after, handled, pages, failures + 1)
                          : CompletableFuture.failedFuture(new BankUnreachable(again.why()));
                  case Attempt.Refused<RestApi.MailboxPage> no ->
                      CompletableFuture.failedFuture(
                          new BankUnreachable(
                              "the mailbox is refused: " + no.status() + " " + no.code()));
                },
            bank.runtime().executor());
  }

  private CompletableFuture<Void> handle(RestApi.MailboxPage page) {
    long ticket = bank.ticket();
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (RestApi.Item item : page.items()) {
      done = done.thenCompose(_ -> handle(item, ticket));
    }
    return done;
  }

  /**
   * The place counts once there is no more: until then a gateway may still have to look behind it.
   */
  private CompletableFuture<Integer> next(RestApi.MailboxPage page, int handled, int pages) {
    int total = handled + page.items().size();
    if (page.more() && pages + 1 < MAX_PAGES) {
      return fetch(page.cursor(), total, pages + 1, 0);
    }
    if (!page.more()) {
      moveTo(page.cursor());
    }
    return CompletableFuture.completedFuture(total);
  }

  /** Moves on; what lies before is not fetched again by a later start, unless a crash undoes it. */
  void moveTo(String place) {
    synchronized (this) {
      if (place.equals(cursor)) {
        return;
      }
      cursor = place;
    }
    memory.note(profile -> profile.withCursor(place));
  }

  /**
   * Opens one item. When its author is unknown, it is judged by records that were fetched after it
   * arrived; as long as there are none this fails, and the mailbox stays where it is.
   */
  CompletableFuture<Void> handle(RestApi.Item item) {
    return handle(item, bank.ticket());
  }

  private CompletableFuture<Void> handle(RestApi.Item item, long ticket) {
    NoticeReader.Reading reading = reader.read(item.envelope(), bank.directory());
    if (reading instanceof NoticeReader.Reading.Refused(String _, boolean unknownAuthor)
        && unknownAuthor) {
      return bank.refreshedSince(ticket)
          .thenRun(() -> take(reader.read(item.envelope(), bank.directory())));
    }
    take(reading);
    return CompletableFuture.completedFuture(null);
  }

  private void take(NoticeReader.Reading reading) {
    switch (reading) {
      case NoticeReader.Reading.Read(
              Bytes messageId,
              long expiresAtMillis,
              DeviceNotice notice) -> {
        long nowMillis = bank.runtime().clock().instant().toEpochMilli();
        SeenNotices.News news = remember(messageId, expiresAtMillis, nowMillis);
        if (news == SeenNotices.News.NEW) {
          memory.note(profile -> profile.withSeen(messageId, expiresAtMillis, nowMillis));
        }
        listener.notice(notice, news);
      }
      case NoticeReader.Reading.Refused(String reason, boolean _) -> {
        refused.incrementAndGet();
        refusals.accept(reason);
      }
    }
  }

  private synchronized SeenNotices.News remember(
      Bytes messageId, long expiresAtMillis, long nowMillis) {
    SeenNotices.News news = seen.judge(messageId, expiresAtMillis, nowMillis);
    if (news == SeenNotices.News.NEW) {
      seen = seen.with(messageId, expiresAtMillis, nowMillis);
    }
    return news;
  }

  /** Handles what a gateway pushed; the place counts once the item is handled. */
  CompletableFuture<Void> pushed(RestApi.Item item, String place) {
    return handle(item).thenRun(() -> moveTo(place));
  }
}
