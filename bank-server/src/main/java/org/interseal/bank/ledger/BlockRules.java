package org.interseal.bank.ledger;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.interseal.crypto.Bytes;
import org.jspecify.annotations.Nullable;

/** What must be true of every block's content, whatever the state before it. */
public final class BlockRules {
  /** Most events that an input may cause. */
  static final int MAX_EVENTS_PER_ITEM = 4;

  /** Most messages that an input may cause. */
  static final int MAX_OWED_PER_ITEM = 4;

  /** Most ids by which a block names a snapshot. */
  static final int MAX_SNAPSHOT_CHUNKS = 1_024;

  private static final int MAX_REFERENCE_LENGTH = 128;
  private static final Pattern PERIOD = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  private BlockRules() {}

  /** Why the block is void, or empty when it is conservative and within all limits. */
  public static Optional<String> check(BlockBody block) {
    if (block.v() != BlockBody.VERSION) {
      return Optional.of("format version " + block.v());
    }
    if (block.timeMillis() < 0 || block.registryVersion() < 0 || block.outboxDoneHeight() < 0) {
      return Optional.of("a negative time, version or height");
    }
    if (block.consumed().size() > BlockBody.MAX_ITEMS
        || block.events().size() > BlockBody.MAX_ITEMS * MAX_EVENTS_PER_ITEM
        || block.owed().size() > BlockBody.MAX_ITEMS * MAX_OWED_PER_ITEM) {
      return Optional.of("too many inputs, events or messages");
    }
    if (block.consumed().stream().anyMatch(r -> r.isEmpty() || r.length() > MAX_REFERENCE_LENGTH)) {
      return Optional.of("a reference of no sensible length");
    }
    for (LedgerEvent event : block.events()) {
      Optional<String> defect = check(event);
      if (defect.isPresent()) {
        return defect;
      }
    }
    if (block.owed().stream().anyMatch(o -> !pointsInside(o, block.events()))) {
      return Optional.of("an owed message points outside the block");
    }
    return snapshotDefect(block.snapshot());
  }

  private static Optional<String> check(LedgerEvent event) {
    List<Posting> postings = event.postings();
    boolean movesMoney =
        switch (event) {
          case LedgerEvent.CashBooked e -> true;
          case LedgerEvent.PaymentBooked e -> true;
          case LedgerEvent.TransferSent e -> true;
          case LedgerEvent.TransferSettled e -> true;
          case LedgerEvent.TransferReturned e -> true;
          case LedgerEvent.TransferCredited e -> true;
          default -> false;
        };
    if (movesMoney && postings.size() != 2) {
      return Optional.of("a movement without two sides");
    }
    try {
      return Optional.ofNullable(Postings.defect(postings));
    } catch (ArithmeticException e) {
      return Optional.of("postings overflow");
    }
  }

  private static boolean pointsInside(Owed owed, List<LedgerEvent> events) {
    return switch (owed) {
      case Owed.StatusNotice o -> isInside(o.event(), events);
      case Owed.CreditNotice o -> isInside(o.event(), events);
      case Owed.CashNotice o -> isInside(o.event(), events);
      case Owed.LinkNotice o -> isInside(o.event(), events);
      case Owed.UnlinkNotice o -> isInside(o.event(), events);
      case Owed.TransferOut o -> isInside(o.event(), events);
      case Owed.ReportOf o -> isInside(o.event(), events);
      case Owed.DeviceChange o -> isInside(o.event(), events);
      case Owed.DeviceAnswer _,
          Owed.StrangerAnswer _,
          Owed.StatementAnswer _,
          Owed.BranchAnswer _,
          Owed.ReportAgain _ ->
          true;
    };
  }

  private static boolean isInside(int event, List<LedgerEvent> events) {
    return event >= 0 && event < events.size();
  }

  private static Optional<String> snapshotDefect(BlockBody.@Nullable SnapshotRef snapshot) {
    if (snapshot == null) {
      return Optional.empty();
    }
    boolean wellFormed =
        snapshot.height() > 0
            && !snapshot.chunkIds().isEmpty()
            && snapshot.chunkIds().size() <= MAX_SNAPSHOT_CHUNKS
            && snapshot.chunkIds().stream().allMatch(BlockRules::isHash)
            && isOpening(snapshot.opening());
    return wellFormed ? Optional.empty() : Optional.of("a malformed snapshot reference");
  }

  private static boolean isOpening(BlockBody.@Nullable Opening opening) {
    return opening == null
        || (PERIOD.matcher(opening.period()).matches()
            && opening.hash().size() == 32
            && opening.fence() >= 1);
  }

  private static boolean isHash(String text) {
    try {
      return Bytes.base64Url(text).size() == 32;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
