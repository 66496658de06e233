package org.interseal.launcher.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.RegistryRow;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What the authority has decided to publish, as it wrote it down before publishing it. */
final class AuthorityJournal {
  private AuthorityJournal() {}

  /**
   * A row that was to be published.
   *
   * @param line of the journal, from 1
   */
  record Statement(int line, RegistryRow row) {}

  /**
   * Reads the rows in the journal; none where there is no journal. Lines are not judged: the
   * authority does so when it starts, and refuses a journal that is damaged.
   */
  static List<Statement> read(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return List.of();
    }
    List<Statement> statements = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(journal)) {
      number++;
      try {
        JsonNode row = ProtocolJson.mapper().readTree(line).path("event").path("row");
        if (row.isObject()) {
          statements.add(
              new Statement(
                  number,
                  new RegistryRow(row.path("stream").asString(), row.path("body").asString())));
        }
      } catch (JacksonException e) {
        // Cut off by a crash, or damaged: the next start of the authority says which.
        return statements;
      }
    }
    return statements;
  }
}
