package org.interseal.launcher.verify;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.interseal.launcher.federation.ClosedFederation;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.json.ProtocolJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks what a federation has stored, while it is not running. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a federation that is not running: every block of every chain and its signature, every balance, the",
      "banks' chains against each other and against what their servers remember, that every message and record that",
      "a block relied on is there unaltered, and every row of snapshots, devices and wrapped_keys.",
      "Not checked: the store's time stamps; mailbox, set_aside, heartbeats and leases; rows of transactions and",
      "bank_keys that no block and no line of the authority's journal relied on. Of the last, those that are not",
      "what an honest writer leaves are counted and named as a note: whoever may write there may leave any.",
      "A provisioned federation is read as each bank's observer: say --store rethinkdb --rethinkdb HOST:PORT,…",
      "Exit code 0 when all that is checked is sound, 1 when not; the first bad place is named."
    })
public final class VerifyCommand implements Callable<Integer> {
  private static final int NOT_SOUND = 1;

  @Option(
      names = "--data",
      defaultValue = "data",
      description = "where the federation is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("data");

  @Mixin StoreChoice store = new StoreChoice();

  @Option(names = "--report", description = "write what was found to this file as JSON")
  @Nullable Path report;

  @Option(
      names = "--archive",
      split = ",",
      paramLabel = "FILE",
      description = "what period export wrote: closed blocks, which the store may have no more")
  List<Path> archives = new ArrayList<>();

  @Option(
      names = "--period-keys",
      paramLabel = "DIR",
      description =
          "read ledgers with the keys that period recover left there, and need no server's vault")
  @Nullable Path periodKeys;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    PrintWriter out = spec.commandLine().getOut();
    VerifyReport found;
    try (ClosedFederation federation =
        ClosedFederation.hold(new FederationDirectory(data), store)) {
      found = Verification.of(federation, Optional.ofNullable(periodKeys), archives);
    }
    if (report != null) {
      Files.writeString(report, ProtocolJson.encodeText(found));
    }
    found.chains().forEach(chain -> out.println(line(chain)));
    if (found.sound()) {
      out.println(
          "sound: every chain, signature and balance, and what they rely on in the shared tables");
    } else {
      out.println("NOT SOUND. First bad place: " + found.badPlaces().getFirst());
      found.badPlaces().stream().skip(1).forEach(place -> out.println("  also " + place));
    }
    found.notes().forEach(note -> out.println("note: " + note + ", nothing relies on them"));
    out.flush();
    return found.sound() ? 0 : NOT_SOUND;
  }

  private static String line(VerifyReport.Chain chain) {
    return "%s partition %d: height %d, %d blocks, %d messages consumed, %d accounts, customers %s, in flight %s%s"
        .formatted(
            chain.bank(),
            chain.partition(),
            chain.height(),
            chain.blocks(),
            chain.consumed(),
            chain.accounts(),
            amounts(chain.customersMinor()),
            amounts(chain.inFlightMinor()),
            chain.voidRows() == 0 ? "" : ", " + chain.voidRows() + " void rows passed over");
  }

  private static String amounts(Map<String, Long> minor) {
    String all =
        minor.entrySet().stream()
            .map(e ->
                BigDecimal.valueOf(e.getValue(), new CurrencyCode(e.getKey()).fractionDigits())
                        .toPlainString()
                    + " "
                    + e.getKey())
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "0" : all;
  }
}
