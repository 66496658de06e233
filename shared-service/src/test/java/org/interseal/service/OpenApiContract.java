package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.interseal.protocol.json.ProtocolJson;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import tools.jackson.databind.JsonNode;

/**
 * Holds a service to its written OpenAPI document below docs/reference: which operations there are,
 * and for every answer the status, the media type, the headers, and the JSON shape as far as the
 * document uses JSON Schema.
 */
public final class OpenApiContract {
  private final JsonNode document;

  /** {@code name} as in {@code openapi.json}. */
  public OpenApiContract(String name) {
    try {
      this.document =
          ProtocolJson.mapper()
              .readTree(Files.readString(Path.of("../docs/reference").resolve(name)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Every operation as {@code get /v1/bank}, in order. */
  public List<String> operations() {
    return document.path("paths").properties().stream()
        .flatMap(path ->
            path.getValue().propertyNames().stream().map(method -> method + " " + path.getKey()))
        .sorted()
        .toList();
  }

  /**
   * The operations below {@code /v1} that a service's controllers serve, as {@link #operations()}.
   */
  public static List<String> served(RequestMappingInfoHandlerMapping mapping) {
    return mapping.getHandlerMethods().keySet().stream()
        .flatMap(info ->
            info.getPatternValues().stream()
                .filter(path -> path.startsWith("/v1"))
                .flatMap(path ->
                    info.getMethodsCondition().getMethods().stream()
                        .map(method -> method.name().toLowerCase(Locale.ROOT) + " " + path)))
        .sorted()
        .toList();
  }

  /**
   * Paths outside the document answer 404, or a refusal, and are not described. Header names are in
   * lower case.
   */
  public void check(
      String method, String path, int status, Map<String, String> headers, String body) {
    Optional<JsonNode> operation = operation(method, path);
    if (operation.isEmpty()) {
      assertThat(status).as("status of undocumented %s %s", method, path).isIn(401, 403, 404, 405);
      return;
    }
    JsonNode response = resolved(operation.get().path("responses").path(Integer.toString(status)));
    assertThat(response.isMissingNode())
        .as("%s %s answered %s, which is not documented: %s", method, path, status, body)
        .isFalse();
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      assertThat(body).isEmpty();
      return;
    }
    String type = headers.getOrDefault("content-type", "").replaceAll(";.*", "");
    JsonNode media = content.path(type);
    assertThat(media.isMissingNode()).as("%s %s: media type %s", method, path, type).isFalse();
    List<String> faults = new ArrayList<>();
    validate(media.path("schema"), ProtocolJson.mapper().readTree(body), "$", faults);
    assertThat(faults).as("%s %s: %s", method, path, body).isEmpty();
    for (String header : response.path("headers").propertyNames()) {
      assertThat(headers).as("documented header").containsKey(header.toLowerCase(Locale.ROOT));
    }
  }

  private Optional<JsonNode> operation(String method, String path) {
    for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
      String pattern = entry.getKey().replaceAll("\\{[a-zA-Z]+}", "[^/]+");
      JsonNode operation = entry.getValue().path(method.toLowerCase(Locale.ROOT));
      if (Pattern.matches(pattern, path) && !operation.isMissingNode()) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }

  private JsonNode resolved(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode() ? node : document.at(reference.asString().substring(1));
  }

  private void validate(JsonNode written, JsonNode value, String at, List<String> faults) {
    JsonNode schema = resolved(written);
    switch (schema.path("type").asString()) {
      case "object" -> object(schema, value, at, faults);
      case "array" -> {
        expect(value.isArray(), at + " is no array", faults);
        expect(
            value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE),
            at + " is too long",
            faults);
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
      expect(
          Pattern.compile(pattern.asString()).matcher(text).find(),
          at + " has another shape",
          faults);
    }
    expect(
        text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE),
        at + " is too long",
        faults);
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
