package org.interseal.store;

/**
 * A stored row.
 *
 * @param stream as inserted
 * @param id as inserted
 * @param body as inserted
 * @param timestampMillis unix time that the store stamped, UTC milliseconds
 */
public record Row(String stream, String id, String body, long timestampMillis) {
  public Position position() {
    return new Position(timestampMillis, id);
  }
}
