package org.interseal.bank.inbox;

import org.interseal.store.Position;

/**
 * Rows that were read together. When all are consumed, and those of all pages before, the cursor
 * moves.
 */
final class ReceivedPage {
  /** The reader's cursor once this page was read. */
  final Position cursorAfter;

  int rowsLeft;

  ReceivedPage(Position cursorAfter, int rowsLeft) {
    this.cursorAfter = cursorAfter;
    this.rowsLeft = rowsLeft;
  }
}
