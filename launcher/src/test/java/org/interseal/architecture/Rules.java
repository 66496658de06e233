package org.interseal.architecture;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The structure that every change must keep. Rules take a root package so that planted violations
 * can fail them.
 */
final class Rules {
  private static final List<String> SERVICES = List.of("registry", "bank", "gateway", "branch");

  private Rules() {}

  /** Every rule by what it forbids. */
  static Map<String, ArchRule> all(String root) {
    Map<String, ArchRule> rules = new TreeMap<>();
    for (String service : SERVICES) {
      String[] others =
          SERVICES.stream()
              .filter(s -> !s.equals(service))
              .map(s -> root + "." + s + "..")
              .toArray(String[]::new);
      rules.put(
          service + " depends on no other service",
          noClasses()
              .that()
              .resideInAPackage(root + "." + service + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others));
    }
    rules.put(
        "crypto knows neither Spring nor clocks nor stores",
        noClasses()
            .that()
            .resideInAnyPackage(root + ".crypto..", root + ".identity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", root + ".store..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class));
    rules.put(
        "the ledger is pure",
        noClasses()
            .that()
            .resideInAPackage(root + ".bank.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.springframework..",
                "java.nio.file..",
                "java.nio.channels..",
                "java.net..",
                "java.util.concurrent..",
                "java.sql..",
                "java.security..",
                root + ".bank.inbox..",
                root + ".bank.outbox..",
                root + ".bank.processing..",
                root + ".bank.chain..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat(are(storeAdapterOrConnection(root))));
    rules.put(
        "no floating point in the ledger and in banking values",
        noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(root + ".bank.ledger..", root + ".protocol.banking..")
            .should()
            .haveRawType(double.class)
            .orShould()
            .haveRawType(float.class)
            .orShould()
            .haveRawType(Double.class)
            .orShould()
            .haveRawType(Float.class));
    rules.put(
        "time, randomness and waiting come from outside",
        noClasses()
            .that()
            .resideInAPackage(root + "..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callConstructor(Random.class));
    rules.put(
        "the gateway can open nothing",
        noClasses()
            .that()
            .resideInAPackage(root + ".gateway..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("DecryptionKey")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("KeyWrap")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("SecretKey256"));
    rules.put(
        "packages of a service have no cycles",
        SlicesRuleDefinition.slices().matching(root + ".bank.(*)..").should().beFreeOfCycles());
    return rules;
  }

  private static DescribedPredicate<JavaClass> storeAdapterOrConnection(String root) {
    return DescribedPredicate.describe(
        "a store's adapter or connection, or a file",
        c ->
            c.getPackageName().startsWith(root + ".store.")
                || c.getName().equals(root + ".store.Store")
                || c.getName().startsWith("java.io.File")
                || c.getName().equals("java.io.RandomAccessFile"));
  }
}
