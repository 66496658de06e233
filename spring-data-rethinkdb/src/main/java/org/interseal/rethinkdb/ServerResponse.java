package org.interseal.rethinkdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.interseal.rethinkdb.QueryRefused.Reason;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the server, decoded.
 *
 * @param rows as {@link Documents} describes
 * @param feed whether more may come for ever
 */
record ServerResponse(Type type, List<@Nullable Object> rows, boolean feed, int errorCode) {
  /** What an answer is; numbers of the protocol. */
  enum Type {
    ATOM(1),
    SEQUENCE(2),
    PARTIAL(3),
    WAIT_COMPLETE(4),
    SERVER_INFO(5),
    CLIENT_ERROR(16),
    COMPILE_ERROR(17),
    RUNTIME_ERROR(18);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    static Type of(int number) throws IOException {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      throw new IOException("an answer of the unknown type " + number);
    }
  }

  private static final int FIRST_FEED_NOTE = 1;
  private static final int LAST_FEED_NOTE = 4;
  private static final int MAX_NESTING = 1_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Wire.MAX_RESPONSE_BYTES)
                          .maxNestingDepth(MAX_NESTING)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();
  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  static Map<String, @Nullable Object> readObject(byte[] json) throws IOException {
    Map<String, @Nullable Object> object = MAPPER.readValue(json, OBJECT);
    if (object == null) {
      throw new IOException("JSON null in place of an object");
    }
    return object;
  }

  static String writeObject(Map<String, ?> object) throws IOException {
    return MAPPER.writeValueAsString(object);
  }

  static ServerResponse parse(byte[] json) throws IOException {
    Map<String, @Nullable Object> object = readObject(json);
    if (!(object.get("t") instanceof Long type) || !(object.get("r") instanceof List<?> rows)) {
      throw new IOException("an answer without type or rows");
    }
    boolean feed =
        object.get("n") instanceof List<?> notes
            && notes.stream()
                .anyMatch(
                    note -> note instanceof Long n && n >= FIRST_FEED_NOTE && n <= LAST_FEED_NOTE);
    int errorCode = object.get("e") instanceof Long code ? code.intValue() : 0;
    try {
      return new ServerResponse(
          Type.of(type.intValue()), Documents.decodeAll(rows), feed, errorCode);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("an answer with a time or binary that is none", e);
    }
  }

  void throwIfError() {
    Optional<RethinkDbException> failure = failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** What this says, if it is an error. */
  Optional<RethinkDbException> failure() {
    return switch (type) {
      case ATOM, SEQUENCE, PARTIAL, WAIT_COMPLETE, SERVER_INFO -> Optional.empty();
      case CLIENT_ERROR, COMPILE_ERROR ->
          Optional.of(new QueryRefused(Reason.MALFORMED, message()));
      case RUNTIME_ERROR -> Optional.of(runtimeError());
    };
  }

  private String message() {
    return rows.isEmpty() || !(rows.getFirst() instanceof String text) ? "no reason given" : text;
  }

  private RethinkDbException runtimeError() {
    return switch (errorCode) {
      case 2_000_000 -> new QueryRefused(Reason.LIMIT_EXCEEDED, message());
      case 3_000_000 -> new QueryRefused(Reason.QUERY_LOGIC, message());
      case 3_100_000 -> new QueryRefused(Reason.NOT_FOUND, message());
      case 4_100_000 -> new QueryRefused(Reason.TABLE_UNAVAILABLE, message());
      case 5_000_000 -> new QueryRefused(Reason.RAISED_BY_QUERY, message());
      case 6_000_000 -> new QueryRefused(Reason.PERMISSION, message());
      case 1_000_000 -> new QueryRefused(Reason.INTERNAL, message());
      // 4,200,000 says so; an unknown number says nothing.
      default -> new OutcomeUnknown(message(), null);
    };
  }
}
