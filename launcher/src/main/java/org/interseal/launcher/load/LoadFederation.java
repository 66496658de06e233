package org.interseal.launcher.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankPorts;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FederationOptions;
import org.interseal.launcher.federation.LocalFederation;
import org.interseal.protocol.json.ProtocolJson;

/**
 * The banks under load, in a process of their own. Says on standard output when they are ready, as
 * one line of {@value #READY} and JSON; ends when its standard input ends, so that it never
 * outlives whoever started it.
 */
public final class LoadFederation {
  static final String READY = "READY ";
  static final String SEPARATE = "separate";
  static final String TOGETHER = "together";
  static final List<BankId> BANKS = List.of(new BankId("BKAAXX00"), new BankId("BKABXX00"));
  private static final int PORT_BASE = 27_400;

  private LoadFederation() {}

  /** Where the banks are reached. */
  record Endpoints(List<BankPorts> banks) {
    Endpoints {
      banks = List.copyOf(banks);
    }
  }

  /**
   * Arguments: the data directory, {@value #SEPARATE} or {@value #TOGETHER}, how many servers,
   * gateways and ledger partitions each bank has, and a RethinkDB server or none.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    FederationOptions options =
        new FederationOptions(
                args[1].equals(SEPARATE),
                false,
                PORT_BASE,
                args.length > 5 ? Optional.of(args[5]) : Optional.empty(),
                FederationOptions.MANY_DEVICES_FROM_ONE_ADDRESS)
            .nodes(Integer.parseInt(args[2]), Integer.parseInt(args[3]))
            .partitioned(Optional.of(Integer.parseInt(args[4])));
    Consumer<String> progress = System.err::println;
    try (LocalFederation federation =
        LocalFederation.start(
            new FederationDirectory(Path.of(args[0])),
            BANKS,
            options,
            InstantSource.system(),
            progress)) {
      System.out.println(READY + ProtocolJson.encodeText(new Endpoints(federation.banks())));
      System.out.flush();
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    System.exit(0);
  }
}
