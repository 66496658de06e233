package org.interseal.bank.inbox;

import org.interseal.bank.ledger.LedgerInput;
import org.jspecify.annotations.Nullable;

/** An input for the ledger, and the row that it came from. */
public final class InboxItem {
  private final LedgerInput input;
  private final @Nullable ReceivedRow row;

  /** Set once it was counted as consumed; for the ledger thread. */
  private boolean counted;

  InboxItem(LedgerInput input, ReceivedRow row) {
    this.input = input;
    this.row = row;
  }

  private InboxItem(LedgerInput input) {
    this.input = input;
    this.row = null;
  }

  /** An input that comes from the bank itself: terms, registry versions, resolutions. */
  public static InboxItem internal(LedgerInput input) {
    return new InboxItem(input);
  }

  public LedgerInput input() {
    return input;
  }

  /** Whether somebody sent it; else it comes from the bank itself. */
  public boolean isFromMessage() {
    return row != null;
  }

  @Nullable ReceivedRow row() {
    return row;
  }

  /** True for the first caller alone. */
  boolean count() {
    boolean first = !counted;
    counted = true;
    return first;
  }
}
