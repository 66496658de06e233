package org.interseal.rethinkdb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ModuleRulesTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.interseal.rethinkdb");

  @Test
  void usesTheDriversTermsAndNotItsConnections() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.rethinkdb.net..")
        .check(classes);
  }

  @Test
  void worksWithoutSpring() {
    noClasses()
        .that()
        .resideInAPackage("org.interseal.rethinkdb")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "io.micrometer..", "org.testcontainers..")
        .check(classes);
  }

  @Test
  void knowsNothingOfItsUsers() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.interseal.store..", "org.interseal.crypto..", "org.interseal.protocol..")
        .check(classes);
  }

  @Test
  void neverSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(classes);
  }
}
