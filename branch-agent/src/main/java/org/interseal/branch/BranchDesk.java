package org.interseal.branch;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.Letter;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.ActivationCode;
import org.interseal.protocol.message.BranchMessage;
import org.interseal.protocol.message.BranchNotice;
import org.jspecify.annotations.Nullable;

/**
 * What tellers can ask of the bank. Thread-safe; thousands of requests may be under way, they share
 * journal lines and inserts.
 *
 * <p>A request with an idempotency key has effect once, however often it is made with the same key
 * by the same teller, also across restarts; without one every call is a request of its own. The
 * typed methods complete with the bank's answer, or exceptionally with {@link DeskUnavailable} when
 * the branch could not take the request and nothing was sent. Keys are 1 to 64 characters of
 * printable ASCII.
 */
public final class BranchDesk {
  /** Longest idempotency key. */
  public static final int MAX_KEY_LENGTH = 64;

  private final RequestBook book;
  private final Outbox outbox;
  private final Bytes rootFingerprint;
  private final SecureRandom random;

  BranchDesk(RequestBook book, Outbox outbox, Bytes rootFingerprint, SecureRandom random) {
    this.book = book;
    this.outbox = outbox;
    this.rootFingerprint = rootFingerprint;
    this.random = random;
  }

  /** Opens a current account for a new customer. */
  public CompletableFuture<DeskAnswer<BranchNotice.AccountOpened>> openAccount(
      String teller,
      String customerName,
      CurrencyCode currency,
      @Nullable Long requestedNumber,
      @Nullable String idempotencyKey) {
    return ask(
        new BranchMessage.OpenAccount(teller, customerName, currency, requestedNumber),
        idempotencyKey,
        BranchNotice.AccountOpened.class);
  }

  /** Closes an account whose balance is zero and that has nothing in flight. */
  public CompletableFuture<DeskAnswer<BranchNotice.AccountClosed>> closeAccount(
      String teller, Iban account, @Nullable String idempotencyKey) {
    return ask(
        new BranchMessage.CloseAccount(teller, account),
        idempotencyKey,
        BranchNotice.AccountClosed.class);
  }

  /** Books cash from a customer. {@code reference} is unique at this branch, 1 to 35 characters. */
  public CompletableFuture<DeskAnswer<BranchNotice.CashBooked>> payCashIn(
      String teller,
      Iban account,
      Money amount,
      String reference,
      @Nullable String idempotencyKey) {
    return ask(
        new BranchMessage.PayCashIn(teller, account, amount, reference),
        idempotencyKey,
        BranchNotice.CashBooked.class);
  }

  /** Books cash to a customer. {@code reference} is unique at this branch, 1 to 35 characters. */
  public CompletableFuture<DeskAnswer<BranchNotice.CashBooked>> payCashOut(
      String teller,
      Iban account,
      Money amount,
      String reference,
      @Nullable String idempotencyKey) {
    return ask(
        new BranchMessage.PayCashOut(teller, account, amount, reference),
        idempotencyKey,
        BranchNotice.CashBooked.class);
  }

  /** Draws an activation code and makes its hash known to the bank. */
  public CompletableFuture<DeskAnswer<IssuedActivationCode>> issueActivationCode(
      String teller, Iban account, @Nullable String idempotencyKey) {
    return switch (submitActivationCode(teller, account, idempotencyKey)) {
      case DeskSubmission.Taken taken ->
          typed(
              taken,
              BranchNotice.ActivationCodeIssued.class,
              (notice, request) ->
                  new IssuedActivationCode(
                      request.activationCode().orElseThrow(),
                      Instant.ofEpochMilli(notice.expiresAtMillis())));
      case DeskSubmission.KeyReused _, DeskSubmission.Busy _ -> notTaken();
    };
  }

  /** Lists the devices that are linked to the account's customer. */
  public CompletableFuture<DeskAnswer<BranchNotice.Devices>> listDevices(
      String teller, Iban account, @Nullable String idempotencyKey) {
    return ask(
        new BranchMessage.ListDevices(teller, account), idempotencyKey, BranchNotice.Devices.class);
  }

  /** Unlinks a device at the customer's request. */
  public CompletableFuture<DeskAnswer<BranchNotice.DeviceUnlinked>> unlinkDevice(
      String teller, Iban account, String deviceId, @Nullable String idempotencyKey) {
    return ask(
        new BranchMessage.UnlinkDeviceOfCustomer(teller, account, deviceId),
        idempotencyKey,
        BranchNotice.DeviceUnlinked.class);
  }

  /** Any request but one for an activation code, whose secret this desk draws itself. */
  public DeskSubmission submit(BranchMessage message, @Nullable String idempotencyKey) {
    if (message instanceof BranchMessage.IssueActivationCode) {
      throw new IllegalArgumentException("the secret of an activation code is drawn by the desk");
    }
    return submit(message, idempotencyKey, null);
  }

  /** As {@link #issueActivationCode}, without waiting. */
  public DeskSubmission submitActivationCode(
      String teller, Iban account, @Nullable String idempotencyKey) {
    Bytes secret = randomBytes(ActivationCode.SECRET_BYTES);
    ActivationCode code = new ActivationCode(account, secret, rootFingerprint);
    return submit(
        new BranchMessage.IssueActivationCode(
            teller, account, ActivationCode.hash(account, secret)),
        idempotencyKey,
        code.print());
  }

  /** An earlier request of this teller; those of others are not found. */
  public Optional<DeskSubmission.Taken> find(String teller, String requestId) {
    return book.find(requestId)
        .filter(request -> request.teller.equals(teller))
        .map(BranchDesk::taken);
  }

  private DeskSubmission submit(
      BranchMessage message, @Nullable String idempotencyKey, @Nullable String activationCode) {
    if (idempotencyKey != null) {
      requireKey(idempotencyKey);
    }
    DeskRequest request =
        new DeskRequest(
            randomBytes(Letter.MESSAGE_ID_BYTES), message, idempotencyKey, activationCode);
    return switch (book.enter(request)) {
      case RequestBook.Entry.New _ -> {
        outbox.submit(request, message);
        yield taken(request);
      }
      case RequestBook.Entry.Known(DeskRequest known) -> taken(known);
      case RequestBook.Entry.Reused _ -> new DeskSubmission.KeyReused();
      case RequestBook.Entry.Full _ -> new DeskSubmission.Busy();
    };
  }

  private static void requireKey(String key) {
    if (key.isEmpty()
        || key.length() > MAX_KEY_LENGTH
        || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("an idempotency key has 1 to 64 printable characters");
    }
  }

  private Bytes randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  private static DeskSubmission.Taken taken(DeskRequest request) {
    return new DeskSubmission.Taken(
        request.id(),
        request.durable,
        request.answer,
        Optional.ofNullable(request.activationCode).map(ActivationCode::parse));
  }

  private <N extends BranchNotice> CompletableFuture<DeskAnswer<N>> ask(
      BranchMessage message, @Nullable String idempotencyKey, Class<N> notice) {
    return switch (submit(message, idempotencyKey)) {
      case DeskSubmission.Taken taken -> typed(taken, notice, (value, request) -> value);
      case DeskSubmission.KeyReused _, DeskSubmission.Busy _ -> notTaken();
    };
  }

  private static <T> CompletableFuture<T> notTaken() {
    return CompletableFuture.failedFuture(
        new DeskUnavailable(
            "too many requests under way, or the idempotency key names another request"));
  }

  private static <N extends BranchNotice, T> CompletableFuture<DeskAnswer<T>> typed(
      DeskSubmission.Taken request, Class<N> type, BiFunction<N, DeskSubmission.Taken, T> value) {
    return request
        .answer()
        .thenApply(answer ->
            switch (answer) {
              case DeskAnswer.Done<BranchNotice>(BranchNotice notice) ->
                  new DeskAnswer.Done<>(value.apply(type.cast(notice), request));
              case DeskAnswer.Refused<BranchNotice> refused ->
                  new DeskAnswer.Refused<>(refused.reason(), refused.detail());
              case DeskAnswer.Expired<BranchNotice> _ -> new DeskAnswer.Expired<>();
            });
  }
}
