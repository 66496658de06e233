package org.interseal.launcher.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class DatabaseLoginTest {
  @TempDir Path directory;

  @Command
  private static final class AnyCommand {
    @Mixin DatabaseLogin login = new DatabaseLogin();
  }

  private static DatabaseLogin typed(String... arguments) {
    AnyCommand command = new AnyCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.login;
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "127.evil.example", "store-1:28015", "127.0.0.1,store-1"})
  void noPasswordCrossesANetworkInTheClear(String nodes) throws Exception {
    assertThatThrownBy(typed("--rethinkdb", nodes)::access)
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("without TLS");
    assertThatThrownBy(typed("--rethinkdb", nodes, "--login", directory.toString())::access)
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("without TLS");

    Path authorities = Files.createFile(directory.resolve("ca.pem"));
    assertThat(typed("--rethinkdb", nodes, "--trust-file", authorities.toString()).access())
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost:28015", "127.0.0.2,127.0.0.3:1"})
  void aNodeOnThisMachineMayBeTalkedToWithoutTls(String nodes) {
    assertThat(typed("--rethinkdb", nodes).access()).isNotNull();
  }

  @Test
  void aLoginThatIsNotThereIsRefused() {
    assertThatThrownBy(typed("--login", directory.resolve("none").toString())::access)
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("there is no directory");
  }
}
