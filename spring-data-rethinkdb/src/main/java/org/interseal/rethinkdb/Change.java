package org.interseal.rethinkdb;

import java.util.Optional;

/**
 * A change of a row, as a feed tells it: perhaps of a write that is later rolled back.
 *
 * @param before absent where the row is new
 * @param after absent where the row is gone
 */
public record Change(Optional<Document> before, Optional<Document> after) {}
