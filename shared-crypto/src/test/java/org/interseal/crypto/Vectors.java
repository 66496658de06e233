package org.interseal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Published test vectors. They are not part of this repository: tests read them from {@code
 * shared/vectors} beside it, and are skipped with a line that says so where it is absent.
 */
final class Vectors {
  private static final JsonMapper JSON = new JsonMapper();

  private Vectors() {}

  static JsonNode read(String file) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve("vectors").resolve(file);
      if (Files.isRegularFile(candidate)) {
        return JSON.readTree(candidate.toFile());
      }
    }
    return Assumptions.abort("skipped: no shared/vectors/" + file + " beside this repository");
  }

  /** A frozen vector of our own. */
  static JsonNode resource(String name) {
    return JSON.readTree(Vectors.class.getResourceAsStream(name));
  }

  /** A group of a Wycheproof file with one of its tests. */
  record Case(JsonNode group, JsonNode test) {
    String text(String member) {
      return test.path(member).asString("");
    }

    byte[] bytes(String member) {
      return hex(test, member);
    }

    boolean isValid() {
      return text("result").equals("valid");
    }

    @Override
    public String toString() {
      return "tcId " + test.path("tcId") + " " + text("comment");
    }
  }

  static List<Case> wycheproof(String file) {
    JsonNode root = read("wycheproof/" + file);
    List<Case> cases = new ArrayList<>();
    for (JsonNode group : root.path("testGroups")) {
      for (JsonNode test : group.path("tests")) {
        cases.add(new Case(group, test));
      }
    }
    assertThat(cases).hasSize(root.path("numberOfTests").asInt());
    return cases;
  }

  static byte[] hex(JsonNode node, String member) {
    return HexFormat.of().parseHex(node.path(member).asString(""));
  }

  /** Counts what ran and what was skipped for which reason, so that nothing disappears unseen. */
  static final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();

    void ran() {
      counts.merge("ran", 1, Integer::sum);
    }

    void skipped(String reason) {
      counts.merge("skipped: " + reason, 1, Integer::sum);
    }

    Map<String, Integer> counts() {
      return counts;
    }
  }
}
