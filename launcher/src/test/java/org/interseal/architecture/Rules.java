package org.interseal.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The structure that every change must keep. Rules take a root package so that planted violations
 * can fail them.
 */
final class Rules {
  static final List<String> SERVICES = List.of("registry", "bank", "gateway", "branch");

  /** First packages of the modules. */
  static final List<String> MODULES =
      List.of(
          "bank",
          "branch",
          "client",
          "crypto",
          "gateway",
          "launcher",
          "protocol",
          "registry",
          "rethinkdb",
          "service",
          "simulation",
          "store");

  /** Their first package puts the others together, and is known to them. */
  private static final Set<String> COMPOSED =
      Set.of("bank", "branch", "gateway", "launcher", "registry");

  /** Methods that bring time or randomness from nowhere, or wait, by owner. */
  private static final Map<String, Set<String>> SOURCES =
      Map.of(
          "java.lang.Thread", Set.of("sleep"),
          "java.util.concurrent.TimeUnit", Set.of("sleep"),
          "java.lang.System", Set.of("currentTimeMillis"),
          "java.lang.Math", Set.of("random"),
          "java.util.Random", Set.of("<init>"),
          "java.util.concurrent.ThreadLocalRandom", Set.of("current"));

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
            .resideInAnyPackage("org.springframework..", root + ".store..", "org.interseal.store..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(InstantSource.class));
    rules.put(
        "crypto does no I/O but its vaults'",
        noClasses()
            .that()
            .resideInAnyPackage(root + ".crypto..", root + ".identity..")
            .and()
            .doNotHaveSimpleName("Pkcs12KeyVault")
            .and()
            .doNotHaveSimpleName("SealedKeyRing")
            .and()
            .doNotHaveSimpleName("OwnerOnlyFile")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.nio.file..",
                "java.nio.channels..",
                "java.net..",
                "java.sql..",
                "java.util.logging..")
            .orShould()
            .dependOnClassesThat(are(file()))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
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
            .dependOnClassesThat(are(file()))
            .orShould()
            .dependOnClassesThat(are(storeOrAdapter())));
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
        noClasses().that().resideInAPackage(root + "..").should().accessTargetWhere(ownSource()));
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
    for (String module : MODULES) {
      rules.put(
          "packages of " + module + " have no cycles",
          SlicesRuleDefinition.slices()
              .assignedFrom(packagesOf(root, module))
              .should()
              .beFreeOfCycles());
    }
    return rules;
  }

  private static SliceAssignment packagesOf(String root, String module) {
    String first = root + "." + module;
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        String name = type.getPackageName();
        boolean composes = name.equals(first) && COMPOSED.contains(module);
        boolean inside =
            name.equals(first)
                || name.startsWith(first + ".")
                || (module.equals("crypto") && name.startsWith(root + ".identity"));
        return inside && !composes ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages of " + module;
      }
    };
  }

  private static DescribedPredicate<JavaAccess<?>> ownSource() {
    return describe(
        "is a source of time or randomness, or a wait",
        access -> {
          String owner = access.getTargetOwner().getName();
          String name = access.getTarget().getName();
          return (owner.startsWith("java.time.") && name.equals("now"))
              || access.getTarget().getFullName().equals("java.util.SplittableRandom.<init>()")
              || SOURCES.getOrDefault(owner, Set.of()).contains(name);
        });
  }

  private static DescribedPredicate<JavaClass> file() {
    return describe(
        "a file",
        c ->
            c.getName().startsWith("java.io.File")
                || c.getName().equals("java.io.RandomAccessFile"));
  }

  private static DescribedPredicate<JavaClass> storeOrAdapter() {
    return describe(
        "a store or its adapter",
        c ->
            c.getPackageName().startsWith("org.interseal.store.")
                || c.getName().equals("org.interseal.store.Store"));
  }
}
