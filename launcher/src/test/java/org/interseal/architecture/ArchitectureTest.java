package org.interseal.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final String ROOT = "org.interseal";
  private static final String PLANTED = "org.interseal.architecture.planted";
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(
              location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
          .importPackages(ROOT);
  private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

  static Stream<String> rules() {
    return Rules.all(ROOT).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holdsInProduction(String rule) {
    rule(ROOT, rule).allowEmptyShould(true).check(PRODUCTION);
  }

  /** Each condition of each rule by itself: what was planted against it stands in the report. */
  @ParameterizedTest
  @MethodSource("rules")
  void reportsEveryPlantedViolation(String rule) {
    EvaluationResult result = rule(PLANTED, rule).evaluate(VIOLATIONS);
    String report = String.join("\n", result.getFailureReport().getDetails());
    assertThat(PlantedViolations.of(rule)).isNotEmpty();
    assertThat(report).contains(PlantedViolations.of(rule));
  }

  @Test
  void everyProductionPackageIsNullMarked() throws ClassNotFoundException {
    Set<String> packages =
        PRODUCTION.stream()
            .map(c -> c.getPackageName())
            .filter(p -> p.startsWith(ROOT))
            .collect(Collectors.toSet());

    assertThat(packages).hasSizeGreaterThan(8);
    for (String name : packages) {
      assertThat(isNullMarked(name)).as(name + " has a @NullMarked package-info").isTrue();
    }
    assertThat(isNullMarked(PLANTED + ".gateway")).isFalse();
  }

  private static boolean isNullMarked(String packageName) {
    try {
      return Class.forName(packageName + ".package-info").isAnnotationPresent(NullMarked.class);
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static ArchRule rule(String root, String name) {
    Map<String, ArchRule> rules = Rules.all(root);
    ArchRule rule = rules.get(name);
    if (rule == null) {
      throw new IllegalArgumentException("no rule " + name);
    }
    return rule;
  }
}
