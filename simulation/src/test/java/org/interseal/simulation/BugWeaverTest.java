package org.interseal.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.classfile.CodeBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class BugWeaverTest {
  private static final String RESIGNING = "org.interseal.bank.outbox.Resigning";
  private static final String SESSION = "org.interseal.bank.processing.WritingSession";
  private static final String HELPER = "org.interseal.bank.processing.PlantedRefund";

  @Test
  void what_is_woven_into_a_method_that_is_gone_is_refused() {
    assertRefused(Weavings.first(PlantedBug.NO_FENCE, RESIGNING, "gone", CodeBuilder::return_));
  }

  @Test
  void a_replacement_that_is_not_there_is_refused() {
    assertRefused(Weavings.instead(PlantedBug.NO_FENCE, SESSION, "produce", "hasRoom", HELPER));
    assertRefused(Weavings.instead(PlantedBug.NO_FENCE, SESSION, "gather", "news", RESIGNING));
  }

  @Test
  void a_replacement_that_the_method_may_not_call_is_refused() {
    assertRefused(
        Weavings.instead(
            PlantedBug.NO_FENCE, "org.interseal.bank.chain.Appending", "react", "again", HELPER));
  }

  @Test
  void what_replaces_a_call_that_is_gone_is_refused() {
    assertRefused(Weavings.instead(PlantedBug.NO_FENCE, SESSION, "gather", "olds", HELPER));
  }

  @Test
  void code_that_does_not_verify_is_refused() {
    assertRefused(
        Weavings.first(PlantedBug.NO_FENCE, RESIGNING, "send", code -> code.iconst_0().ireturn()));
  }

  private static void assertRefused(Weaving weaving) {
    assertThatThrownBy(() -> BugWeaver.over(BugWeaverTest.class.getClassLoader(), List.of(weaving)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("plant NO_FENCE anew, in " + weaving.type());
  }
}
