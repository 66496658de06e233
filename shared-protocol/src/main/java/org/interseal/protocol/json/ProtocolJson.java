package org.interseal.protocol.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.function.Function;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyId;
import org.interseal.identity.BankId;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The one JSON spelling of messages and stored records: members in the record's order, none for
 * null, no white space, bytes as unpadded base64url. Reading is strict: unknown, duplicate or
 * missing members, trailing content and lenient conversions are refused. A member may be missing
 * only where the record says {@code @Nullable}.
 */
public final class ProtocolJson {
  private static final JsonMapper MAPPER = newMapper();

  private ProtocolJson() {}

  private static JsonMapper newMapper() {
    SimpleModule values = new SimpleModule("interseal-values");
    text(values, Bytes.class, Bytes::toBase64Url, Bytes::base64Url);
    text(values, BankId.class, BankId::value, BankId::new);
    text(values, KeyId.class, KeyId::value, KeyId::new);
    return JsonMapper.builder()
        .addModule(values)
        .annotationIntrospector(
            AnnotationIntrospector.pair(
                new RequiredUnlessNullable(), new JacksonAnnotationIntrospector()))
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .changeDefaultPropertyInclusion(i ->
            i.withValueInclusion(JsonInclude.Include.NON_NULL)
                .withContentInclusion(JsonInclude.Include.NON_NULL))
        .build();
  }

  /** For callers that add mix-ins or stream; same strictness. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** UTF-8 JSON, the same bytes for equal values. */
  public static Bytes encode(Object value) {
    return Bytes.of(MAPPER.writeValueAsBytes(value));
  }

  public static String encodeText(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Reads UTF-8 JSON.
   *
   * @throws MalformedMessage when the bytes are not exactly such a value
   */
  public static <T> T decode(Bytes json, Class<T> type) throws MalformedMessage {
    return decode(json.toUtf8(), type);
  }

  /**
   * Reads JSON.
   *
   * @throws MalformedMessage when the text is not exactly such a value
   */
  public static <T> T decode(String json, Class<T> type) throws MalformedMessage {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new MalformedMessage("null");
      }
      return value;
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new MalformedMessage("not a " + type.getSimpleName());
    }
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(
        type,
        new ValueSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(write.apply(value));
          }
        });
    module.addKeySerializer(
        type,
        new ValueSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeName(write.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new ValueDeserializer<T>() {
          @Override
          public T deserialize(JsonParser in, DeserializationContext context) {
            if (!in.hasToken(JsonToken.VALUE_STRING)) {
              return context.reportInputMismatch(type, "a string is needed");
            }
            try {
              return read.apply(in.getString());
            } catch (IllegalArgumentException e) {
              return context.reportInputMismatch(type, "malformed %s", type.getSimpleName());
            }
          }
        });
  }
}
