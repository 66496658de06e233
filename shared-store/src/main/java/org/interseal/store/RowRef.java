package org.interseal.store;

/** A row without its body, for sweeps. */
public record RowRef(String id, long timestampMillis) {
  public Position position() {
    return new Position(timestampMillis, id);
  }
}
