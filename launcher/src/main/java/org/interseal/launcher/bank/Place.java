package org.interseal.launcher.bank;

import java.io.IOException;
import java.nio.file.Path;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankAccess;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.StoreChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which bank. */
final class Place {
  @Option(
      names = "--data",
      defaultValue = "data",
      description =
          "where the federation, or this member of it, is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("data");

  @Option(names = "--bank", required = true, paramLabel = "BIC", description = "the bank")
  String bank = "";

  @Mixin StoreChoice store = new StoreChoice();

  BankId bankId() {
    return new BankId(bank);
  }

  BankAccess open() throws IOException {
    return BankAccess.open(new FederationDirectory(data), bankId(), store);
  }
}
