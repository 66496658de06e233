package org.interseal.bank.ledger;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.Payment;
import org.interseal.protocol.message.DeviceNotice;
import org.interseal.protocol.message.DeviceNotice.StatementEntry;
import org.jspecify.annotations.Nullable;

/**
 * Statement pages, worked out from the chain: from the newest block that touched the account, each posting
 * names the block before that touched it.
 */
public final class StatementBuilder {
  /** Most entries on a page. */
  public static final int MAX_ENTRIES = 200;

  /** Most blocks read for a page; a page that only passed newer entries may be empty and have a continuation. */
  public static final int MAX_BLOCKS = 512;

  /**
   * Where the next page goes on: before the entry {@code index} of block {@code height}.
   *
   * @param index events from here on were delivered or passed
   */
  record Continuation(long height, int index) {
    private static final java.util.regex.Pattern SHAPE =
        java.util.regex.Pattern.compile("(0|[1-9][0-9]{0,14})\\.(0|[1-9][0-9]{0,8})");

    static Optional<Continuation> parse(String text) {
      java.util.regex.Matcher matcher = SHAPE.matcher(text);
      return matcher.matches()
          ? Optional.of(
              new Continuation(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2))))
          : Optional.empty();
    }

    String print() {
      return height + "." + index;
    }
  }

  private final OutgoingMessage.StatementToDevice asked;
  private final CurrencyCode currency;
  private final List<StatementEntry> entries = new ArrayList<>();
  private @Nullable Money opening;
  private @Nullable Money closing;
  private @Nullable Continuation next;

  private StatementBuilder(OutgoingMessage.StatementToDevice asked, CurrencyCode currency) {
    this.asked = asked;
    this.currency = currency;
  }

  /**
   * The page that was asked for.
   *
   * @param currency the account's
   * @param blocks the body at a height; empty for a fence or a block that is not there, which ends the page
   */
  public static DeviceNotice.Statement page(
      OutgoingMessage.StatementToDevice asked,
      CurrencyCode currency,
      LongFunction<Optional<BlockBody>> blocks) {
    StatementBuilder builder = new StatementBuilder(asked, currency);
    builder.walk(blocks);
    return new DeviceNotice.Statement(
        asked.messageId(),
        asked.account(),
        asked.fromDate(),
        asked.toDate(),
        builder.opening,
        builder.closing,
        builder.entries,
        builder.next == null ? null : builder.next.print());
  }

  private void walk(LongFunction<Optional<BlockBody>> blocks) {
    String text = asked.continuation();
    Continuation from =
        text == null ? null : Continuation.parse(text).orElse(new Continuation(0, 0));
    long height = from == null ? asked.startHeight() : Math.min(from.height(), asked.startHeight());
    int before = from == null || from.height() > asked.startHeight() ? Integer.MAX_VALUE : from.index();
    for (int read = 0; height > 0; read++) {
      if (read == MAX_BLOCKS) {
        next = new Continuation(height, before);
        return;
      }
      Optional<BlockBody> block = blocks.apply(height);
      if (block.isEmpty()) {
        return;
      }
      Long previous = readBlock(block.get(), height, before);
      if (previous == null) {
        return;
      }
      height = previous;
      before = Integer.MAX_VALUE;
    }
    begins(new Money(0, currency));
  }

  /** Everything older than the range leaves this balance. */
  private void begins(Money balance) {
    opening = balance;
    if (entries.isEmpty() && isFirstPage()) {
      closing = balance;
    }
  }

  /** Reads a block's entries from the last back; none when the page ends in it, else the height before it. */
  private @Nullable Long readBlock(BlockBody block, long height, int before) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(block.timeMillis(), Bookkeeping.DAY_MILLIS));
    Long previous = null;
    for (int i = Math.min(before, block.events().size()) - 1; i >= 0; i--) {
      LedgerEvent event = block.events().get(i);
      Posting posting = postingOn(event, asked.account());
      if (posting == null) {
        continue;
      }
      long balance = posting.balanceMinor() == null ? 0 : posting.balanceMinor();
      if (date.isBefore(asked.fromDate())) {
        begins(new Money(balance, currency));
        return null;
      }
      if (!date.isAfter(asked.toDate())) {
        if (entries.size() == MAX_ENTRIES) {
          next = new Continuation(height, i + 1);
          return null;
        }
        if (entries.isEmpty() && isFirstPage()) {
          closing = new Money(balance, currency);
        }
        entries.add(entry(height, i, date, event, posting));
      }
      previous = posting.previousHeight();
      if (previous != null && previous < height) {
        return previous;
      }
    }
    return previous == null || previous >= height ? Long.valueOf(0) : previous;
  }

  private boolean isFirstPage() {
    return asked.continuation() == null;
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
