package org.interseal.launcher.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.interseal.identity.BankId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerMemoriesTest {
  private static final BankId BANK = new BankId("BKAAXX00");

  @TempDir Path home = Path.of("");

  @Test
  void areWhereverABlockIsRememberedWhateverTheServerIsCalled() throws Exception {
    for (String name : new String[] {"server-1", "alpha"}) {
      Files.createFile(Files.createDirectory(home.resolve(name)).resolve(BANK + ".p00.head"));
    }
    Files.createDirectory(home.resolve("gateway-1"));
    Files.createFile(home.resolve("teller-password"));

    assertThat(ClosedFederation.serverMemories(home, BANK))
        .containsExactly(home.resolve("alpha"), home.resolve("server-1"));
    assertThat(ClosedFederation.serverMemories(home.resolve("none"), BANK)).isEmpty();
  }
}
