package org.interseal.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.OpenedLetter;
import org.interseal.crypto.SigningKey;
import org.junit.jupiter.api.Test;

/**
 * The gateway opens nothing, and signs nothing but the heartbeat that shared code does for it,
 * because its own code cannot even name a private key.
 */
class NoOpeningKeyTest {
  private static final ArchRule RULE =
      noClasses()
          .that()
          .resideInAPackage("org.interseal.gateway..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(DecryptionKey.class, SigningKey.class, KeyVault.class, OpenedLetter.class);

  @Test
  void theGatewayNamesNoPrivateKey() {
    JavaClasses gateway =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.interseal.gateway");
    assertThat(gateway).isNotEmpty();
    RULE.check(gateway);
  }

  @Test
  void theRuleFindsWhoDoes() {
    JavaClasses tests =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages("org.interseal.gateway");
    assertThatThrownBy(() -> RULE.check(tests))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("SigningKey");
  }
}
