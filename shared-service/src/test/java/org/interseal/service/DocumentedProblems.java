package org.interseal.service;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Codes and statuses, as docs/reference/problems.md has them and as the code does. */
public final class DocumentedProblems {
  private static final DocumentedPage PAGE = DocumentedPage.of("reference/problems.md");

  private DocumentedProblems() {}

  /** Below one heading of the page. */
  public static Map<String, Integer> under(String heading) {
    Map<String, Integer> problems = new TreeMap<>();
    for (List<String> row : PAGE.rows(heading)) {
      problems.put(row.get(0).replace("`", ""), Integer.valueOf(row.get(1)));
    }
    return problems;
  }

  /** The codes of every section, in the order of the page. */
  static List<String> allCodes() {
    return PAGE.rows().stream().map(row -> row.get(0)).toList();
  }

  /**
   * A service's own problems: those that are no common ones. A code that stands for two things is
   * refused.
   */
  public static Map<String, Integer> own(ProblemCode... problems) {
    Collection<ProblemCode.Definition> common =
        Arrays.stream(CommonProblem.values())
            .map(ProblemCode::definition)
            .collect(Collectors.toSet());
    return statuses(
        Arrays.stream(problems).filter(problem -> !common.contains(problem.definition())).toList());
  }

  static Map<String, Integer> statuses(Collection<? extends ProblemCode> problems) {
    Map<String, Integer> statuses = new TreeMap<>();
    for (ProblemCode problem : problems) {
      if (statuses.put(problem.code(), problem.status().value()) != null) {
        throw new AssertionError("two problems have the code " + problem.code());
      }
    }
    return statuses;
  }
}
