package org.interseal.branch;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.service.DocumentedProblems;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  @Test
  void theReferenceListsJustThisServicesCodesWithTheirStatus() {
    assertThat(DocumentedProblems.under("Branch agent"))
        .isEqualTo(DocumentedProblems.own(BranchProblem.values()));
  }
}
