package org.interseal.launcher.bank;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.interseal.bank.founding.OperatorKey;
import org.interseal.launcher.federation.BankAccess;
import picocli.CommandLine.Option;

/** Who acts. */
final class Acting {
  @Option(
      names = "--operator",
      required = true,
      paramLabel = "NAME",
      description = "who does it: a registered operator")
  String name = "";

  @Option(
      names = "--operator-keys",
      required = true,
      paramLabel = "DIR",
      description = "the operator's own vault, as bank operator made it")
  Path keys = Path.of("");

  OperatorKey key(SecureRandom random) throws IOException {
    if (!Files.exists(keys.resolve("vault.p12"))) {
      throw new IOException("no operator's vault is in " + keys + ": bank operator makes one");
    }
    return OperatorKey.ensure(name, BankAccess.vault(keys, random), random);
  }
}
