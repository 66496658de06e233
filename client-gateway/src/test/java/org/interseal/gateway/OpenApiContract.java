package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.interseal.protocol.json.ProtocolJson;
import tools.jackson.databind.JsonNode;

/**
 * Holds answers to docs/reference/openapi.json: the operation, its status, its media type, and the JSON shape as
 * far as the document uses JSON Schema.
 */
final class OpenApiContract {
  private final JsonNode document;

  OpenApiContract() {
    try {
      this.document = ProtocolJson.mapper().readTree(Files.readString(Path.of("../docs/reference/openapi.json")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  JsonNode document() {
    return document;
  }

  /** Paths outside the document answer 404 and are not described. */
  void check(String method, String path, Gateway.Answer answer) {
    Optional<JsonNode> operation = operation(method, path);
    if (operation.isEmpty()) {
      assertThat(answer.status()).as("status of undocumented %s %s", method, path).isIn(404, 405, 401);
      return;
    }
    JsonNode response = operation.get().path("responses").path(Integer.toString(answer.status()));
    assertThat(response.isMissingNode())
        .as("%s %s answered %s, which is not documented: %s", method, path, answer.status(), answer.body())
        .isFalse();
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    String type = answer.headers().getOrDefault("content-type", "").replaceAll(";.*", "");
    JsonNode media = content.path(type);
    assertThat(media.isMissingNode()).as("%s %s: media type %s", method, path, type).isFalse();
    List<String> faults = new ArrayList<>();
    validate(media.path("schema"), ProtocolJson.mapper().readTree(answer.body()), "$", faults);
    assertThat(faults).as("%s %s: %s", method, path, answer.body()).isEmpty();
    for (String header : response.path("headers").propertyNames()) {
      assertThat(answer.headers()).as("documented header").containsKey(header.toLowerCase(java.util.Locale.ROOT));
    }
  }

  private Optional<JsonNode> operation(String method, String path) {
    for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
      String pattern = entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+");
      JsonNode operation = entry.getValue().path(method.toLowerCase(java.util.Locale.ROOT));
      if (Pattern.matches(pattern, path) && !operation.isMissingNode()) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }

  void validate(JsonNode schema, JsonNode value, String at, List<String> faults) {
    JsonNode reference = schema.path("$ref");
    if (!reference.isMissingNode()) {
      validate(document.at(reference.asString().substring(1)), value, at, faults);
      return;
    }
    switch (schema.path("type").asString()) {
      case "object" -> object(schema, value, at, faults);
      case "array" -> {
        expect(value.isArray(), at + " is no array", faults);
        expect(value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE), at + " is too long", faults);
        for (JsonNode item : value) {
          validate(schema.path("items"), item, at + "[]", faults);
        }
      }
      case "string" -> string(schema, value, at, faults);
      case "integer" -> expect(value.isIntegralNumber(), at + " is no integer", faults);
      case "boolean" -> expect(value.isBoolean(), at + " is no boolean", faults);
      default -> faults.add(at + ": the document uses a type that this check does not know");
    }
  }

  private void object(JsonNode schema, JsonNode value, String at, List<String> faults) {
    expect(value.isObject(), at + " is no object", faults);
    JsonNode properties = schema.path("properties");
    for (JsonNode required : schema.path("required")) {
      expect(value.has(required.asString()), at + " lacks " + required.asString(), faults);
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      JsonNode property = properties.path(member.getKey());
      if (!property.isMissingNode()) {
        validate(property, member.getValue(), at + "." + member.getKey(), faults);
      } else if (schema.has("additionalProperties")) {
        faults.add(at + " has the undocumented member " + member.getKey());
      }
    }
  }

  private static void string(JsonNode schema, JsonNode value, String at, List<String> faults) {
    expect(value.isString(), at + " is no string", faults);
    String text = value.asString("");
    JsonNode pattern = schema.path("pattern");
    if (!pattern.isMissingNode()) {
      expect(Pattern.compile(pattern.asString()).matcher(text).find(), at + " has another shape", faults);
    }
    expect(text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE), at + " is too long", faults);
    JsonNode allowed = schema.path("enum");
    if (!allowed.isMissingNode()) {
      boolean found = false;
      for (JsonNode one : allowed) {
        found |= one.asString().equals(text);
      }
      expect(found, at + " is none of the documented values", faults);
    }
  }

  private static void expect(boolean condition, String fault, List<String> faults) {
    if (!condition) {
      faults.add(fault);
    }
  }
}
