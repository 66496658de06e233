package org.interseal.rethinkdb;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from the server. Numbers are {@link Long} where they are whole and else {@link
 * Double}, exact up to 2^53; times are {@link java.time.Instant}, binaries {@code byte[]}.
 */
public record Document(Map<String, @Nullable Object> fields) {
  public Document {
    fields = Collections.unmodifiableMap(new LinkedHashMap<String, @Nullable Object>(fields));
  }

  /** The object as a document; anything else is an {@link IllegalStateException}. */
  static Document of(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalStateException("the query gave no objects");
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    map.forEach((name, field) -> fields.put(String.valueOf(name), field));
    return new Document(fields);
  }

  public boolean has(String name) {
    return fields.get(name) != null;
  }

  /** A text that must be there. */
  public String text(String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalStateException("no text in field " + name);
  }

  /** A whole number that must be there; {@code 3.0} is one. */
  public long number(String name) {
    return switch (fields.get(name)) {
      case Long whole -> whole;
      case Double fraction when fraction == Math.rint(fraction) -> fraction.longValue();
      case null, default -> throw new IllegalStateException("no whole number in field " + name);
    };
  }

  public Optional<Document> document(String name) {
    return fields.get(name) instanceof Map<?, ?> map ? Optional.of(of(map)) : Optional.empty();
  }
}
