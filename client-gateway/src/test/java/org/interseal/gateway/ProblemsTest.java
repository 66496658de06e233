package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.interseal.service.CommonProblem;
import org.interseal.service.ProblemCode;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private final List<ProblemCode> problems =
      Stream.<ProblemCode>concat(Stream.of(GatewayProblem.values()), Stream.of(CommonProblem.values())).toList();

  @Test
  void everyCodeIsInTheReferenceWithItsStatus() throws IOException {
    String reference = Files.readString(Path.of("../docs/reference/problems.md"));
    for (ProblemCode problem : problems) {
      assertThat(reference).contains("| `" + problem.code() + "` | " + problem.status().value() + " |");
    }
  }

  @Test
  void codesAreUniqueAndOneShape() {
    assertThat(problems).extracting(ProblemCode::code).doesNotHaveDuplicates().allMatch(c -> c.matches("[a-z-]+"));
  }
}
