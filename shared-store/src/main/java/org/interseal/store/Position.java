package org.interseal.store;

/**
 * A place in a stream, ordered by store timestamp, then id.
 *
 * @param timestampMillis UTC milliseconds
 * @param id empty stands before every row of that timestamp
 */
public record Position(long timestampMillis, String id) implements Comparable<Position> {
  public static final Position START = new Position(0, "");

  @Override
  public int compareTo(Position other) {
    int byTime = Long.compare(timestampMillis, other.timestampMillis);
    return byTime != 0 ? byTime : id.compareTo(other.id);
  }
}
