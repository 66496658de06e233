package org.interseal.branch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.interseal.crypto.Bytes;
import org.interseal.protocol.message.BranchNotice;
import org.interseal.protocol.message.MessageType;
import org.interseal.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * The branch's requests as its journal tells them: what is under way, what was answered, which
 * number is next. Thread-safe. Everything but {@link #enter} follows from journal records, so it is
 * the same after a restart.
 */
final class RequestBook {
  /** Requests without an answer, at most. */
  static final int MAX_OPEN = 20_000;

  /** How long answers are kept for who asks again; an activation code is good for no longer. */
  static final Duration KEPT = Duration.ofHours(24);

  /**
   * How long what the bank did is kept for who asks again with the same idempotency key: a day
   * longer than the bank remembers references, so that a key is never forgotten first.
   */
  static final Duration KEPT_BY_KEY = Duration.ofDays(31);

  /** Most requests that are kept longer than {@link #KEPT}; the oldest go first. */
  static final int MAX_KEPT_BY_KEY = 50_000;

  private static final long MILLIS_BETWEEN_SWEEPS = 1_000;

  /**
   * Numbers that are passed over when the journal's last line was lost: more than one line can
   * hold.
   */
  static final int SKIPPED_AFTER_LOSS = BranchJournal.MAX_BATCH;

  private final Map<String, DeskRequest> byId = new LinkedHashMap<>();
  private final Map<TellerKey, DeskRequest> byKey = new HashMap<>();
  private final TreeMap<Long, DeskRequest> open = new TreeMap<>();
  private int entering;
  private long sweptMillis = Long.MIN_VALUE;
  private long nextNumber = 1;
  private Position mailbox = Position.START;

  private record TellerKey(String teller, String key) {}

  /** Whether a request may go on. */
  sealed interface Entry {
    /** A new request; it must be given to the outbox. */
    record New(DeskRequest request) implements Entry {}

    /** The same request was entered before. */
    record Known(DeskRequest request) implements Entry {}

    record Reused() implements Entry {}

    record Full() implements Entry {}
  }

  /** Takes in what the journal held. */
  synchronized void restore(BranchJournal.Contents contents) {
    contents.records().forEach(this::apply);
    for (DeskRequest request : byId.values()) {
      answerOf(request).ifPresent(request.answer::complete);
    }
    if (contents.tailCut()) {
      nextNumber += SKIPPED_AFTER_LOSS;
    }
  }

  synchronized Entry enter(DeskRequest request) {
    TellerKey key = key(request);
    DeskRequest known = key == null ? null : byKey.get(key);
    if (known != null) {
      return known.contentDigest.equals(request.contentDigest)
          ? new Entry.Known(known)
          : new Entry.Reused();
    }
    if (open.size() + entering >= MAX_OPEN) {
      return new Entry.Full();
    }
    entering++;
    byId.put(request.id(), request);
    if (key != null) {
      byKey.put(key, request);
    }
    return new Entry.New(request);
  }

  /** Undoes {@link #enter} of a request that never reached the journal. */
  synchronized void withdraw(DeskRequest request) {
    if (request.sent == null && byId.remove(request.id(), request)) {
      entering--;
      forgetKey(request);
    }
  }

  synchronized Optional<DeskRequest> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * For the one thread that seals: the number that the next letter gets, once its record is
   * applied.
   */
  synchronized long nextNumber() {
    return nextNumber;
  }

  synchronized Position mailbox() {
    return mailbox;
  }

  /** Takes in a record that is durable. */
  synchronized void apply(JournalRecord record) {
    switch (record) {
      case JournalRecord.Sent sent -> applySent(sent);
      case JournalRecord.Answered answered -> applyAnswered(answered);
      case JournalRecord.ReadUpTo read -> {
        Position place = new Position(read.timestampMillis(), read.rowId());
        mailbox = place.compareTo(mailbox) > 0 ? place : mailbox;
      }
      case JournalRecord.NextNumber next -> nextNumber = Math.max(nextNumber, next.number());
    }
  }

  private void applySent(JournalRecord.Sent sent) {
    String id = sent.messageId().toBase64Url();
    DeskRequest request = byId.get(id);
    if (request == null) {
      request = new DeskRequest(sent);
      byId.put(id, request);
      TellerKey key = key(request);
      if (key != null) {
        byKey.put(key, request);
      }
    } else {
      request.sent = sent;
      request.message = null;
      entering--;
    }
    open.put(sent.number(), request);
    nextNumber = Math.max(nextNumber, sent.number() + 1);
  }

  private void applyAnswered(JournalRecord.Answered answered) {
    DeskRequest request = byId.get(answered.messageId().toBase64Url());
    if (request != null && request.sent != null && request.answered == null) {
      request.answered = answered;
      open.remove(request.sent.number());
    }
  }

  /**
   * What kind of answer the request with this message id still waits for; empty when it waits for
   * none.
   */
  synchronized Optional<Class<? extends BranchNotice>> awaited(Bytes messageId) {
    DeskRequest request = byId.get(messageId.toBase64Url());
    return request == null || request.sent == null || request.answered != null
        ? Optional.empty()
        : Optional.of(expected(request.sent.type()));
  }

  private static Class<? extends BranchNotice> expected(String type) {
    return switch (type) {
      case "branch.account-open.v1" -> BranchNotice.AccountOpened.class;
      case "branch.account-close.v1" -> BranchNotice.AccountClosed.class;
      case "branch.cash-in.v1", "branch.cash-out.v1" -> BranchNotice.CashBooked.class;
      case "branch.activation-code.v1" -> BranchNotice.ActivationCodeIssued.class;
      case "branch.device-unlink.v1" -> BranchNotice.DeviceUnlinked.class;
      case "branch.devices.v1" -> BranchNotice.Devices.class;
      default -> throw new IllegalStateException("a request of type " + type);
    };
  }

  /** The answer that the journal holds for a request. */
  static Optional<DeskAnswer<BranchNotice>> answerOf(DeskRequest request) {
    JournalRecord.Answered answered = request.answered;
    if (answered == null) {
      return Optional.empty();
    }
    Object notice;
    try {
      Class<?> type = MessageType.named(answered.type()).orElseThrow().body();
      notice = org.interseal.protocol.json.ProtocolJson.decode(answered.notice(), type);
    } catch (org.interseal.protocol.json.MalformedMessage e) {
      throw new IllegalStateException("the journal holds an answer that was never read", e);
    }
    return Optional.of(
        notice instanceof BranchNotice.Refused refused
            ? new DeskAnswer.Refused<>(refused.reason(), refused.detail())
            : new DeskAnswer.Done<>((BranchNotice) notice));
  }

  /**
   * Requests whose letter should be offered to the store now, by rising number; each is put off by
   * the caller.
   */
  synchronized List<DeskRequest> due(Instant now, int max) {
    List<DeskRequest> due = new ArrayList<>();
    for (DeskRequest request : open.values()) {
      if (due.size() == max) {
        break;
      }
      if (request.offerAtMillis <= now.toEpochMilli()) {
        due.add(request);
      }
    }
    return due;
  }

  /** Counts an offer of the request's letter, whose outcome is awaited until then. */
  synchronized void putOff(DeskRequest request, Instant until) {
    request.offers++;
    request.offerAtMillis = until.toEpochMilli();
  }

  /** Sets when the request's letter is offered again. */
  synchronized void retryAt(DeskRequest request, Instant at) {
    request.offerAtMillis = at.toEpochMilli();
  }

  /**
   * Notes that the store has the request's letter; the letter, when that is news to this process.
   */
  synchronized Optional<JournalRecord.Sent> stored(DeskRequest request) {
    if (request.stored) {
      return Optional.empty();
    }
    request.stored = true;
    return Optional.ofNullable(request.sent);
  }

  /**
   * Ends what has expired, and forgets what nobody needs any more. Returns what has expired now.
   */
  synchronized List<DeskRequest> expire(Instant now) {
    List<DeskRequest> expired = new ArrayList<>();
    for (Iterator<DeskRequest> all = open.values().iterator(); all.hasNext(); ) {
      DeskRequest request = all.next();
      if (request.sent != null && request.sent.expiresAtMillis() <= now.toEpochMilli()) {
        expired.add(request);
        all.remove();
      }
    }
    if (sweptMillis > now.toEpochMilli()
        || now.toEpochMilli() - MILLIS_BETWEEN_SWEEPS >= sweptMillis) {
      sweptMillis = now.toEpochMilli();
      forget(now);
    }
    return expired;
  }

  private void forget(Instant now) {
    int keptByKey = 0;
    for (Iterator<DeskRequest> all = byId.values().iterator(); all.hasNext(); ) {
      DeskRequest request = all.next();
      if (isOver(request, now, KEPT)) {
        if (!isOver(request, now, KEPT_BY_KEY) && changedSomething(request)) {
          request.shrink();
          keptByKey++;
        } else {
          all.remove();
          forgetKey(request);
        }
      }
    }
    for (Iterator<DeskRequest> all = byId.values().iterator(); keptByKey > MAX_KEPT_BY_KEY; ) {
      DeskRequest oldest = all.next();
      if (isOver(oldest, now, KEPT)) {
        all.remove();
        forgetKey(oldest);
        keptByKey--;
      }
    }
  }

  private static boolean isOver(DeskRequest request, Instant now, Duration kept) {
    JournalRecord.Sent sent = request.sent;
    if (sent == null) {
      return false;
    }
    JournalRecord.Answered answered = request.answered;
    long end = answered == null ? sent.expiresAtMillis() : answered.atMillis();
    return end + kept.toMillis() <= now.toEpochMilli();
  }

  /**
   * Whether to make the request once more could have an effect once more, and its key is there to
   * prevent it.
   */
  private static boolean changedSomething(DeskRequest request) {
    JournalRecord.Answered answered = request.answered;
    if (request.idempotencyKey == null || answered == null) {
      return false;
    }
    Class<?> notice =
        MessageType.named(answered.type()).<Class<?>>map(MessageType::body).orElse(Void.class);
    return notice == BranchNotice.AccountOpened.class
        || notice == BranchNotice.AccountClosed.class
        || notice == BranchNotice.CashBooked.class
        || notice == BranchNotice.DeviceUnlinked.class;
  }

  private void forgetKey(DeskRequest request) {
    TellerKey key = key(request);
    if (key != null) {
      byKey.remove(key, request);
    }
  }

  private static @Nullable TellerKey key(DeskRequest request) {
    return request.idempotencyKey == null
        ? null
        : new TellerKey(request.teller, request.idempotencyKey);
  }

  /** Everything that a new journal must begin with. */
  synchronized List<JournalRecord> live() {
    List<JournalRecord> live = new ArrayList<>();
    live.add(new JournalRecord.NextNumber(nextNumber));
    live.add(new JournalRecord.ReadUpTo(mailbox.timestampMillis(), mailbox.id()));
    for (DeskRequest request : byId.values()) {
      if (request.sent != null) {
        live.add(request.sent);
      }
      if (request.answered != null) {
        live.add(request.answered);
      }
    }
    return live;
  }

  /** How many letters wait for an answer. */
  synchronized int openCount() {
    return open.size();
  }

  /** When the oldest letter without an answer was sealed. */
  synchronized Optional<Instant> oldestOpen() {
    return open.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(open.firstEntry().getValue().sent)
            .map(sent -> Instant.ofEpochMilli(sent.createdAtMillis()));
  }
}
