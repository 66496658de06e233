package org.interseal.rethinkdb;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what the server sends: {@code null}, {@link Boolean}, {@link Long}, {@link Double},
 * {@link String}, {@link List}, {@link Map}, and of its pseudo-types {@link Instant} for times and
 * {@code byte[]} for binaries. Other pseudo-types stay maps.
 */
final class Documents {
  private static final String PSEUDO_TYPE = "$reql_type$";
  private static final int MILLIS_DIGITS = 3;

  private Documents() {}

  static List<@Nullable Object> decodeAll(List<?> values) {
    List<@Nullable Object> decoded = new ArrayList<>(values.size());
    for (Object value : values) {
      decoded.add(decode(value));
    }
    return decoded;
  }

  private static @Nullable Object decode(@Nullable Object value) {
    return switch (value) {
      case List<?> list -> decodeAll(list);
      case Map<?, ?> map -> decodeMap(map);
      case null, default -> value;
    };
  }

  private static Object decodeMap(Map<?, ?> map) {
    if ("TIME".equals(map.get(PSEUDO_TYPE)) && map.get("epoch_time") instanceof Number seconds) {
      return Instant.ofEpochMilli(
          new BigDecimal(seconds.toString())
              .movePointRight(MILLIS_DIGITS)
              .setScale(0, java.math.RoundingMode.HALF_UP)
              .longValue());
    }
    if ("BINARY".equals(map.get(PSEUDO_TYPE)) && map.get("data") instanceof String base64) {
      return Base64.getMimeDecoder().decode(base64);
    }
    Map<String, @Nullable Object> decoded = new LinkedHashMap<>();
    map.forEach((name, value) -> decoded.put(String.valueOf(name), decode(value)));
    return decoded;
  }
}
