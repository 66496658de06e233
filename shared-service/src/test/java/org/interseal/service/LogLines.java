package org.interseal.service;

import java.util.ArrayList;
import java.util.List;
import org.interseal.protocol.json.ProtocolJson;
import tools.jackson.databind.JsonNode;

/** Log lines as a service writes them to its standard output. */
public final class LogLines {
  private LogLines() {}

  /** The lines with this message, each one JSON object. */
  public static List<JsonNode> with(String message, CharSequence output) {
    List<JsonNode> found = new ArrayList<>();
    for (String line : output.toString().split("\n")) {
      if (line.startsWith("{") && line.contains(message)) {
        JsonNode json = ProtocolJson.mapper().readTree(line);
        if (json.path("message").asString("").equals(message)) {
          found.add(json);
        }
      }
    }
    return found;
  }
}
