package org.interseal.bank.ledger;

import java.util.List;
import org.interseal.crypto.KeyId;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.banking.ReasonCode;
import org.interseal.protocol.banking.TransactionStatus;
import org.jspecify.annotations.Nullable;

/**
 * What each event does to the state. An event that does not fit is an {@link
 * IllegalStateException}.
 */
final class Bookkeeping {
  static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  private Bookkeeping() {}

  static Parts apply(Parts s, LedgerEvent event, long timeMillis) {
    try {
      return switch (event) {
        case LedgerEvent.TermsChanged e -> s.with(e.terms());
        case LedgerEvent.RegistryNoted e -> registryNoted(s, e);
        case LedgerEvent.ServerEvicted e ->
            s.with(s.registry().evicted(e.key(), e.node(), s.nextHeight()));
        case LedgerEvent.MessageTaken e ->
            s.with(e.author(), s.windowOf(e.author()).take(e.number()));
        case LedgerEvent.InputSetAside e -> s;
        case LedgerEvent.AccountOpened e -> accountOpened(s, e);
        case LedgerEvent.AccountClosed e -> accountClosed(s, e);
        case LedgerEvent.CashBooked e -> cashBooked(s, e, timeMillis);
        case LedgerEvent.CashRefused e -> cashRefused(s, e, timeMillis);
        case LedgerEvent.ActivationCodeIssued e -> DeviceBookkeeping.issued(s, e);
        case LedgerEvent.ActivationTried e -> DeviceBookkeeping.tried(s, e);
        case LedgerEvent.DeviceLinked e -> DeviceBookkeeping.linked(s, e, timeMillis);
        case LedgerEvent.DeviceUnlinked e -> DeviceBookkeeping.unlinked(s, e);
        case LedgerEvent.PaymentBooked e -> paymentBooked(s, e, timeMillis);
        case LedgerEvent.PaymentRejected e -> paymentRejected(s, e, timeMillis);
        case LedgerEvent.TransferSent e -> TransferBookkeeping.sent(s, e, timeMillis);
        case LedgerEvent.TransferSettled e -> TransferBookkeeping.settled(s, e, timeMillis);
        case LedgerEvent.TransferReturned e -> TransferBookkeeping.returned(s, e, timeMillis);
        case LedgerEvent.TransferCredited e -> TransferBookkeeping.credited(s, e);
        case LedgerEvent.TransferRejected e -> TransferBookkeeping.rejected(s, e);
        case LedgerEvent.FloorRaised e -> TransferBookkeeping.floorRaised(s, e);
        case LedgerEvent.TransferBarred e -> TransferBookkeeping.barred(s, e);
        case LedgerEvent.TransferAwaited e -> TransferBookkeeping.awaited(s, e);
        case LedgerEvent.ContradictionKept e -> TransferBookkeeping.contradicted(s, e);
        case LedgerEvent.PeerHeadSeen e -> TransferBookkeeping.headSeen(s, e);
        case LedgerEvent.SiblingRead e -> TransferBookkeeping.siblingRead(s, e);
      };
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new IllegalStateException("an event does not fit the ledger", e);
    }
  }

  private static Parts registryNoted(Parts s, LedgerEvent.RegistryNoted e) {
    if (e.version() < s.registry().version()) {
      throw new IllegalStateException("registry version goes back");
    }
    return s.with(s.registry().noted(e.version(), e.usable()));
  }

  private static Parts accountOpened(Parts s, LedgerEvent.AccountOpened e) {
    AccountBook book = s.accounts();
    long number = e.account().number();
    if (book.accounts().containsKey(number)
        || e.customerId() != book.nextCustomer()
        || !e.account().isAt(s.bank())
        || e.account().partition() != s.partition()) {
      throw new IllegalStateException("account or customer out of place");
    }
    return s.with(
        book.opened(
            new Customer(e.customerId(), e.customerName(), List.of(number), List.of()),
            CustomerAccount.opened(e.account(), e.customerId(), e.currency())));
  }

  private static Parts accountClosed(Parts s, LedgerEvent.AccountClosed e) {
    CustomerAccount account = s.accounts().require(e.account());
    if (account.closed() || account.bookedMinor() != 0 || account.inFlight() != 0) {
      throw new IllegalStateException("account cannot be closed");
    }
    return s.with(s.accounts().with(account.asClosed()));
  }

  private static Parts cashBooked(Parts s, LedgerEvent.CashBooked e, long timeMillis) {
    CurrencyCode currency = e.amount().currency();
    long signed = e.credit() ? e.amount().amountMinor() : -e.amount().amountMinor();
    requireMoves(e.postings(), new LedgerAccount.Customer(e.account()), currency, signed);
    requireMoves(e.postings(), new LedgerAccount.Cash(e.branch()), currency, -signed);
    Parts posted = Postings.post(s, e.postings());
    if (-posted.balances().of(new LedgerAccount.Cash(e.branch()), currency)
        != e.branchCash().amountMinor()) {
      throw new IllegalStateException("branch cash disagrees");
    }
    return posted.with(
        posted
            .references()
            .remember(
                e.mark().key(),
                new References.Cash(
                    e.mark().content(),
                    timeMillis + References.LIFE_MILLIS,
                    e.branchCash(),
                    null,
                    null)));
  }

  private static Parts cashRefused(Parts s, LedgerEvent.CashRefused e, long timeMillis) {
    return s.with(
        s.references()
            .remember(
                e.mark().key(),
                new References.Cash(
                    e.mark().content(),
                    timeMillis + References.LIFE_MILLIS,
                    null,
                    e.reason(),
                    e.detail())));
  }

  private static Parts paymentBooked(Parts s, LedgerEvent.PaymentBooked e, long timeMillis) {
    Money amount = e.payment().amount();
    requireMoves(
        e.postings(),
        new LedgerAccount.Customer(e.payment().debtor().account()),
        amount.currency(),
        -amount.amountMinor());
    requireMoves(
        e.postings(),
        new LedgerAccount.Customer(e.payment().creditor().account()),
        amount.currency(),
        amount.amountMinor());
    Parts posted =
        paid(Postings.post(s, e.postings()), e.payment().debtor().account(), amount, timeMillis, 0);
    return instructed(
        posted,
        PaymentReference.of(e.payment()),
        e.mark(),
        TransactionStatus.ACCC,
        null,
        timeMillis);
  }

  private static Parts paymentRejected(Parts s, LedgerEvent.PaymentRejected e, long timeMillis) {
    return instructed(s, e.payment(), e.mark(), TransactionStatus.RJCT, e.reason(), timeMillis);
  }

  /** Counts a debit against the day's limit. */
  static Parts paid(Parts s, Iban account, Money amount, long timeMillis, int moreInFlight) {
    return s.with(
        s.accounts()
            .with(
                s.accounts()
                    .require(account)
                    .paying(
                        Math.floorDiv(timeMillis, DAY_MILLIS),
                        amount.amountMinor(),
                        moreInFlight)));
  }

  static Parts instructed(
      Parts s,
      PaymentReference payment,
      ReferenceMark mark,
      TransactionStatus status,
      @Nullable ReasonCode reason,
      long timeMillis) {
    return s.with(
        s.references()
            .remember(
                mark.key(),
                new References.Instruction(
                    mark.content(),
                    timeMillis + References.LIFE_MILLIS,
                    payment.endToEndId(),
                    payment.uetr(),
                    payment.amount(),
                    status,
                    reason,
                    timeMillis)));
  }

  static void requireMoves(
      List<Posting> postings, LedgerAccount account, CurrencyCode currency, long amountMinor) {
    if (Postings.netOn(postings, account, currency) != amountMinor) {
      throw new IllegalStateException("postings disagree with what they are for");
    }
  }

  static KeyId signingKey(LedgerEvent.DeviceLinked e) {
    return KeyId.ofSpki(e.keys().signing());
  }
}
