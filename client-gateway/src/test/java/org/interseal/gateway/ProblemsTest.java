package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.service.DocumentedProblems;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  @Test
  void theReferenceListsJustThisServicesCodesWithTheirStatus() {
    assertThat(DocumentedProblems.under("Gateway"))
        .isEqualTo(DocumentedProblems.own(GatewayProblem.values()));
  }
}
