package org.interseal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

class ProblemsTest {
  @Test
  void theReferenceListsJustTheCommonCodesWithTheirStatus() {
    assertThat(DocumentedProblems.under("Any service"))
        .isEqualTo(DocumentedProblems.statuses(List.of(CommonProblem.values())));
  }

  @Test
  void noCodeMeansTwoThings() {
    assertThat(DocumentedProblems.allCodes()).hasSizeGreaterThan(30).doesNotHaveDuplicates();
  }

  @Test
  void aStatusWithoutACodeOfItsOwnGetsTheMostGeneralOne() {
    assertThat(CommonProblem.ofStatus(503)).isEqualTo(CommonProblem.UNAVAILABLE);
    assertThat(CommonProblem.ofStatus(502)).isEqualTo(CommonProblem.INTERNAL_ERROR);
    assertThat(CommonProblem.ofStatus(418)).isEqualTo(CommonProblem.MALFORMED_REQUEST);
  }

  @Test
  void aCodeIsLowerCaseWordsJoinedByHyphens() {
    for (String code : new String[] {"", "Taken", "too_many", "-taken", "taken-", "a--b"}) {
      assertThatThrownBy(() -> new ProblemCode.Definition(code, HttpStatus.CONFLICT, "Taken."))
          .as(code)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
