package org.interseal.bank.inbox;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.interseal.store.Position;

/**
 * Which pages are in hand, and up to where everything is consumed. Thread-safe.
 *
 * <p>The follower may leave out rows that there is no room for; from then on a second reading, from
 * before the first row that was left out, follows the first one at the pace of the slow lane, and
 * nothing counts as consumed that it has not passed too.
 */
final class ReadPages {
  /** Pages of one reading. */
  private static final class Reading {
    /**
     * Pages with rows in hand, oldest first, and the last one although it may have none. A page
     * whose rows are all consumed says nothing that the page after it does not.
     */
    final LinkedHashSet<ReceivedPage> pages = new LinkedHashSet<>();

    Position cursor;

    Reading(Position cursor) {
      this.cursor = cursor;
    }

    void add(ReceivedPage page) {
      if (!pages.isEmpty() && pages.getLast().rowsLeft == 0 && pages.size() > 1) {
        pages.removeLast();
      }
      pages.add(page);
    }

    void settle() {
      while (!pages.isEmpty() && pages.getFirst().rowsLeft == 0) {
        cursor = pages.removeFirst().cursorAfter;
      }
    }

    void settle(ReceivedPage page) {
      settle();
      if (page.rowsLeft == 0 && !pages.isEmpty() && !pages.getLast().equals(page)) {
        pages.remove(page);
      }
    }
  }

  private final Reading first;
  private final Reading second;
  private Position readTo;
  private boolean leavesOut;

  /** No row that is left out has an older stamp; counts while rows are left out. */
  private long leftOutMillis;

  ReadPages(Position cursor) {
    this.first = new Reading(cursor);
    this.second = new Reading(cursor);
    this.readTo = cursor;
  }

  /**
   * Before the page's rows are handed on.
   *
   * @param leftOut the oldest stamp of what was read and is not among the page's rows
   */
  synchronized void add(ReceivedPage page, OptionalLong leftOut) {
    if (leftOut.isPresent()) {
      long oldest = leftOut.getAsLong();
      leftOutMillis = leavesOut ? Math.min(leftOutMillis, oldest) : oldest;
    }
    if (leftOut.isPresent() && !leavesOut) {
      leavesOut = true;
      if (second.pages.isEmpty()) {
        second.cursor = readTo;
      }
    }
    readTo = page.cursorAfter;
    first.add(page);
  }

  /**
   * A page of the second reading.
   *
   * @param readToMillis the last stamp in it
   */
  synchronized void addAgain(ReceivedPage page, long readToMillis) {
    leftOutMillis = Math.max(leftOutMillis, readToMillis);
    second.add(page);
  }

  /** No row that is left out now is older than this; empty when none is. */
  synchronized OptionalLong oldestLeftOutMillis() {
    return leavesOut ? OptionalLong.of(leftOutMillis) : OptionalLong.empty();
  }

  /** The second reading has come to where the first one is. */
  synchronized void caughtUp() {
    leavesOut = false;
    second.settle();
  }

  /** Where a second reading has to begin; empty when nothing was left out. */
  synchronized Optional<Position> leftOutFrom() {
    return leavesOut ? Optional.of(second.cursor) : Optional.empty();
  }

  /** One row of the page is consumed. */
  synchronized void left(ReceivedPage page) {
    page.rowsLeft--;
    first.settle(page);
    second.settle(page);
  }

  /** Everything up to here is consumed. */
  synchronized Position cursor() {
    boolean both = leavesOut || !second.pages.isEmpty();
    return both && second.cursor.compareTo(first.cursor) < 0 ? second.cursor : first.cursor;
  }

  /** Pages that the cursor waits for, and at most one more for each reading. */
  synchronized int inHand() {
    return first.pages.size() + second.pages.size();
  }
}
