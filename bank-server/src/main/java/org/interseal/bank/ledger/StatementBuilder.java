package org.interseal.bank.ledger;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.DeviceNotice.StatementEntry;
import org.jspecify.annotations.Nullable;

/**
 * Statement pages, worked out from the chain: from the newest block that touched the account, each
 * posting names the block before that touched it.
 */
public final class StatementBuilder {
  /** Most entries on a page. */
  public static final int MAX_ENTRIES = 200;

  /**
   * Most bytes of JSON that a page's entries take: with everything around them they fit into an
   * envelope. No single entry comes near it.
   */
  public static final int MAX_ENTRIES_BYTES = 100 * 1024;

  /**
   * Most blocks read for a page; a page that only passed newer entries may be empty and have a
   * continuation.
   */
  public static final int MAX_BLOCKS = 512;

  /**
   * Where the next page goes on: before the entry {@code index} of block {@code height}.
   *
   * @param index events from here on were delivered or passed
   * @param inRange whether the range's newest entry was reached, so that the closing balance was
   *     given
   */
  record Continuation(long height, int index, boolean inRange) {
    private static final Pattern SHAPE =
        Pattern.compile("([1-9][0-9]{0,14})\\.(0|[1-9][0-9]{0,9})(\\.n)?");

    static Optional<Continuation> parse(String text) {
      Matcher matcher = SHAPE.matcher(text);
      return matcher.matches()
          ? Optional.of(
              new Continuation(
                  Long.parseLong(matcher.group(1)),
                  (int) Math.min(Integer.MAX_VALUE, Long.parseLong(matcher.group(2))),
                  matcher.group(3) == null))
          : Optional.empty();
    }

    String print() {
      return height + "." + index + (inRange ? "" : ".n");
    }
  }

  /**
   * The account as it is now.
   *
   * @param touchedHeight the newest block that touched it, 0 for none
   */
  public record Newest(CurrencyCode currency, long touchedHeight, long bookedMinor) {}

  private final OutgoingMessage.StatementToDevice asked;
  private final Newest newest;
  private final CurrencyCode currency;
  private final List<StatementEntry> entries = new ArrayList<>();
  private int entriesBytes;
  private boolean inRange;
  private long olderHeight;
  private @Nullable Money opening;
  private @Nullable Money closing;
  private @Nullable Continuation next;

  /** Before the oldest entry that was read on this page, in the range or passed. */
  private @Nullable Money balanceBefore;

  private boolean earlierClosed;

  private StatementBuilder(OutgoingMessage.StatementToDevice asked, Newest newest) {
    this.asked = asked;
    this.newest = newest;
    this.currency = newest.currency();
  }

  /**
   * The page that was asked for.
   *
   * @param newest the account as it is now, which may be later than it was asked for
   * @param blocks the body at a height; empty for a block that is not there any more, as its period
   *     was closed: there the statement ends
   */
  public static DeviceNotice.Statement page(
      OutgoingMessage.StatementToDevice asked,
      Newest newest,
      LongFunction<Optional<BlockBody>> blocks) {
    StatementBuilder builder = new StatementBuilder(asked, newest);
    builder.walk(blocks);
    return new DeviceNotice.Statement(
        asked.messageId(),
        asked.account(),
        asked.fromDate(),
        asked.toDate(),
        builder.opening,
        builder.closing,
        builder.entries,
        builder.next == null ? null : builder.next.print(),
        builder.earlierClosed ? true : null);
  }

  private void walk(LongFunction<Optional<BlockBody>> blocks) {
    String text = asked.continuation();
    Optional<Continuation> from =
        Optional.ofNullable(text)
            .flatMap(Continuation::parse)
            .filter(c -> c.height() <= asked.startHeight());
    inRange = from.map(Continuation::inRange).orElse(false);
    long height = from.map(Continuation::height).orElse(asked.startHeight());
    int before = from.map(Continuation::index).orElse(Integer.MAX_VALUE);
    for (int read = 0; height > 0; read++) {
      if (read == MAX_BLOCKS) {
        next = new Continuation(height, before, inRange);
        return;
      }
      Optional<BlockBody> block = blocks.apply(height);
      if (block.isEmpty()) {
        endAtClosed(height, blocks);
        return;
      }
      if (!readBlock(block.get(), height, before)) {
        return;
      }
      height = olderHeight;
      before = Integer.MAX_VALUE;
    }
    begins(new Money(0, currency));
  }

  /** The block at that height, and all before it, are closed and gone. */
  private void endAtClosed(long height, LongFunction<Optional<BlockBody>> blocks) {
    earlierClosed = true;
    Money known = balanceBefore;
    if (known == null) {
      balanceAfter(height, blocks).ifPresent(this::begins);
    } else {
      begins(known);
    }
  }

  /** The balance that a block left that is gone, from what came after it. */
  private Optional<Money> balanceAfter(long height, LongFunction<Optional<BlockBody>> blocks) {
    balanceBefore = new Money(newest.bookedMinor(), currency);
    long at = newest.touchedHeight();
    for (int read = 0; at > height; read++) {
      Optional<BlockBody> block = read == MAX_BLOCKS ? Optional.empty() : blocks.apply(at);
      if (block.isEmpty()) {
        return Optional.empty();
      }
      at = passWhole(block.get(), at);
    }
    return Optional.ofNullable(balanceBefore);
  }

  /** The block before it that touched the account. */
  private long passWhole(BlockBody block, long height) {
    for (int i = block.events().size() - 1; i >= 0; i--) {
      Posting posting = postingOn(block.events().get(i), asked.account());
      if (posting == null || posting.balanceMinor() == null || posting.previousHeight() == null) {
        continue;
      }
      balanceBefore = new Money(posting.balanceMinor() - posting.amountMinor(), currency);
      if (posting.previousHeight() < height) {
        return posting.previousHeight();
      }
    }
    return 0;
  }

  /** Everything older than the range leaves this balance. */
  private void begins(Money balance) {
    opening = balance;
    reached(balance);
  }

  /** The newest balance in the range, when it was not given before, is the closing one. */
  private void reached(Money balance) {
    if (!inRange) {
      inRange = true;
      closing = balance;
    }
  }

  /** Reads a block's entries from the last back; false when the page ends in it. */
  private boolean readBlock(BlockBody block, long height, int before) {
    LocalDate date =
        LocalDate.ofEpochDay(Math.floorDiv(block.timeMillis(), Bookkeeping.DAY_MILLIS));
    olderHeight = 0;
    for (int i = Math.min(before, block.events().size()) - 1; i >= 0; i--) {
      LedgerEvent event = block.events().get(i);
      Posting posting = postingOn(event, asked.account());
      if (posting == null || posting.balanceMinor() == null || posting.previousHeight() == null) {
        continue;
      }
      Money balance = new Money(posting.balanceMinor(), currency);
      if (date.isBefore(asked.fromDate())) {
        begins(balance);
        return false;
      }
      if (!date.isAfter(asked.toDate())) {
        if (!added(entry(height, i, date, event, posting))) {
          next = new Continuation(height, i + 1, inRange);
          return false;
        }
        reached(balance);
      }
      balanceBefore = new Money(posting.balanceMinor() - posting.amountMinor(), currency);
      if (posting.previousHeight() < height) {
        olderHeight = posting.previousHeight();
        return true;
      }
    }
    return true;
  }

  /** Puts an entry on the page; false when the page is full. */
  private boolean added(StatementEntry entry) {
    int bytes = ProtocolJson.encode(entry).size() + 1;
    if (entries.size() == MAX_ENTRIES || entriesBytes + bytes > MAX_ENTRIES_BYTES) {
      return false;
    }
    entriesBytes += bytes;
    entries.add(entry);
    return true;
  }

  private static @Nullable Posting postingOn(LedgerEvent event, Iban account) {
    for (Posting posting : event.postings()) {
      if (posting.account() instanceof LedgerAccount.Customer(Iban iban) && iban.equals(account)) {
        return posting;
      }
    }
    return null;
  }

  private StatementEntry entry(
      long height, int index, LocalDate date, LedgerEvent event, Posting posting) {
    Money amount = new Money(posting.amountMinor(), posting.currency());
    return switch (event) {
      case LedgerEvent.CashBooked e ->
          new StatementEntry(
              height,
              index,
              date,
              amount,
              e.credit() ? "cash-in" : "cash-out",
              null,
              null,
              null,
              null,
              null,
              null);
      case LedgerEvent.PaymentBooked e ->
          ofPayment(
              height, index, date, amount, amount.isPositive() ? "credit" : "payment", e.payment());
      case LedgerEvent.TransferSent e ->
          ofPayment(height, index, date, amount, "payment", e.transfer().payment());
      case LedgerEvent.TransferReturned e ->
          ofPayment(height, index, date, amount, "reversal", e.payment());
      case LedgerEvent.TransferCredited e ->
          ofPayment(height, index, date, amount, "credit", e.transfer().payment());
      default -> throw new IllegalStateException("an event that moves no customer's money");
    };
  }

  private static StatementEntry ofPayment(
      long height, int index, LocalDate date, Money amount, String kind, Payment payment) {
    boolean credit = kind.equals("credit");
    var other = credit ? payment.debtor() : payment.creditor();
    return new StatementEntry(
        height,
        index,
        date,
        amount,
        kind,
        credit ? null : payment.instructionId(),
        payment.endToEndId(),
        payment.uetr(),
        other.name(),
        other.account(),
        payment.remittance() == null ? payment.creditorReference() : payment.remittance());
  }
}
