package org.interseal.gateway;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.interseal.service.ProblemException;
import org.interseal.store.Position;

/**
 * A place in a mailbox as clients hold it; any gateway of the bank reads it.
 *
 * @param kind how the next read treats rows that became visible late
 * @param position the last row that was delivered
 */
record MailboxCursor(Kind kind, Position position) {
  static final MailboxCursor START = new MailboxCursor(Kind.RESUME, Position.START);

  private static final Pattern SHAPE =
      Pattern.compile("([cp])([0-9]{1,15})-([A-Za-z0-9_.:-]{0,127})");

  enum Kind {
    /** Everything there was has been delivered: start a store's overlap before it. */
    RESUME('c'),
    /** More was there: go on strictly behind it. */
    NEXT_PAGE('p');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }
  }

  static MailboxCursor resume(Position position) {
    return new MailboxCursor(Kind.RESUME, position);
  }

  static MailboxCursor nextPage(Position position) {
    return new MailboxCursor(Kind.NEXT_PAGE, position);
  }

  /** Where to start reading in a store with this overlap. */
  Position readFrom(long overlapMillis) {
    return kind == Kind.NEXT_PAGE || overlapMillis == 0
        ? position
        : new Position(Math.max(0, position.timestampMillis() - overlapMillis), "");
  }

  String text() {
    return kind.letter + Long.toString(position.timestampMillis()) + "-" + position.id();
  }

  /** Reads {@link #text()}; anything else is a problem of the caller. */
  static MailboxCursor parse(String text) {
    if (text.isEmpty()) {
      return START;
    }
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      throw new ProblemException(
          GatewayProblem.CURSOR_MALFORMED, "Use cursors as they were given.");
    }
    Position position = new Position(Long.parseLong(shape.group(2)), shape.group(3));
    return shape.group(1).equals("c") ? resume(position) : nextPage(position);
  }
}
