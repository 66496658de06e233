package org.interseal.store;

/**
 * A row to insert.
 *
 * @param stream what readers follow: the addressee bank in {@code transactions}, the owner in
 *     {@code mailbox}, …; 1 to 96 characters of {@code [A-Za-z0-9_.:-]}
 * @param id primary key within the table, 1 to 127 bytes of the same characters
 * @param body the content, at most {@link StoreLimits#MAX_BODY_LENGTH} characters of Unicode text,
 *     without half surrogate pairs
 */
public record NewRow(String stream, String id, String body) {
  public NewRow {
    StoreLimits.requireName(stream, StoreLimits.MAX_STREAM_LENGTH);
    StoreLimits.requireName(id, StoreLimits.MAX_ID_LENGTH);
    StoreLimits.requireBody(body);
  }
}
