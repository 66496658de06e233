package org.interseal.launcher.period;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.interseal.bank.founding.OperatorKey;
import org.interseal.bank.founding.RecoveryKey;
import org.interseal.bank.verify.LedgerArchive;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.SecretKey256;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.BankAccess;
import org.interseal.launcher.federation.ClosedFederation;
import org.interseal.launcher.federation.FederationDirectory;
import org.interseal.launcher.federation.FoundingAccess;
import org.interseal.launcher.federation.StoreChoice;
import org.interseal.launcher.verify.Archives;
import org.interseal.launcher.verify.PeriodVault;
import org.interseal.store.StoreUnavailable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Keys of a ledger's periods. */
@Command(
    name = "period",
    mixinStandardHelpOptions = true,
    description = {
      "The periods of banks' ledgers. Needs the founding vaults; the federation may run meanwhile.",
      "Every command can be repeated."
    })
public final class PeriodCommand {
  private final SecureRandom random = new SecureRandom();

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      defaultValue = "data",
      description = "where the federation is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("data");

  @Option(
      names = "--bank",
      scope = ScopeType.INHERIT,
      split = ",",
      paramLabel = "BIC",
      description = "only these banks (default: all)")
  List<String> banks = new ArrayList<>();

  @Spec @Nullable CommandSpec spec;

  /** What is done for one bank. */
  @FunctionalInterface
  private interface Task {
    void with(FoundingAccess bank) throws IOException, StoreUnavailable;
  }

  /** What is read of one bank. */
  @FunctionalInterface
  private interface Reading {
    void of(FoundingAccess bank, List<LedgerArchive> archives) throws IOException, StoreUnavailable;
  }

  /** How a bank is opened for reading. */
  @FunctionalInterface
  private interface Opening {
    FoundingAccess of(FederationDirectory directory, BankId bank) throws IOException;
  }

  @Command(
      name = "close",
      mixinStandardHelpOptions = true,
      description = {
        "Starts each ledger's next period, under a key of its own.",
        "Running servers then close the period before within seconds, stopped ones when they run"
            + " again."
      })
  int close(@Mixin StoreChoice store) throws IOException {
    return forEach(
        store,
        bank ->
            say(
                bank.bank()
                    + ": period "
                    + bank.founding().startPeriod(bank.banks(), bank.own())
                    + " has begun"));
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Writes what is closed of each ledger, and is in the store alone, into files for verify"
            + " --archive.",
        "Follows each chain from its first block, with the founding vaults' period keys; nothing in"
            + " the files is readable without keys."
      })
  int export(
      @Mixin StoreChoice store,
      @Mixin DroppedArchives archives,
      @Option(names = "--to", required = true, paramLabel = "DIR", description = "for the files")
          Path to)
      throws IOException {
    return readEach(
        archives,
        (directory, bank) -> FoundingAccess.openToExport(directory, store, bank, random),
        (bank, dropped) -> {
          List<Path> files = new PeriodExport(bank, dropped, to).run();
          files.forEach(file -> say(bank.bank() + ": " + file));
          if (files.isEmpty()) {
            say(bank.bank() + ": nothing is closed that is not exported");
          }
        });
  }

  @Command(
      name = "drop",
      mixinStandardHelpOptions = true,
      description = {
        "Drops closed blocks and older snapshots from the store of a federation that is not"
            + " running.",
        "Only what is in the archives, byte for byte, and when verify finds store and archives"
            + " sound.",
        "From the cluster of a provisioned federation as its admin, who is kept in provisioner/."
      })
  int drop(
      @Mixin StoreChoice store,
      @Option(
              names = "--archive",
              required = true,
              split = ",",
              paramLabel = "FILE",
              description = "everything that was ever exported")
          List<Path> archives,
      @Option(names = "--period-keys", paramLabel = "DIR", description = "as for verify")
          @Nullable Path periodKeys)
      throws IOException, InterruptedException {
    FederationDirectory directory = new FederationDirectory(data);
    try (ClosedFederation federation = ClosedFederation.hold(directory, store)) {
      new PeriodDrop(federation, store, archives, random, this::say)
          .run(chosen(directory), Optional.ofNullable(periodKeys));
      return 0;
    } catch (StoreUnavailable e) {
      throw new IOException("the store is not available: " + e.getMessage(), e);
    }
  }

  @Command(
      name = "retire",
      mixinStandardHelpOptions = true,
      description = {
        "Has each bank's servers forget the keys of closed periods. Refused before these are"
            + " dropped.",
        "The founding vaults keep them. Afterwards verify and drop need --period-keys: see recover."
      })
  int retire(@Mixin StoreChoice store, @Mixin DroppedArchives archives) throws IOException {
    SortedMap<BankId, PeriodState.Retirable> retirable = new TreeMap<>();
    var _ =
        readEach(
            store,
            archives,
            (bank, dropped) ->
                retirable.put(bank.bank(), PeriodState.lastRetirable(bank, dropped)));
    return forEach(
        store,
        bank -> {
          PeriodState.Retirable found =
              retirable.getOrDefault(bank.bank(), PeriodState.Retirable.NONE);
          int last = found.last();
          if (last > 0) {
            bank.founding().retirePeriods(last, bank.banks(), bank.own());
          }
          say(
              bank.bank()
                  + (last > 0
                      ? ": servers forget the keys of periods up to " + last
                      : ": " + found.why()));
        });
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Each ledger's periods: closed or open, exported, dropped, and who has the keys.")
  int list(@Mixin StoreChoice store, @Mixin DroppedArchives archives) throws IOException {
    return readEach(
        store,
        archives,
        (bank, dropped) -> new PeriodList(bank, dropped).lines().forEach(this::say));
  }

  @Command(
      name = "recovery-key",
      mixinStandardHelpOptions = true,
      description = {
        "Makes each bank's recovery key, and has all period keys wrapped to it, now and later.",
        "Take the directory away: whoever has it and the store reads the whole ledger."
      })
  int recoveryKey(
      @Mixin StoreChoice store,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "DIR",
              description =
                  "for the private keys; a key that is there already is used, not made again")
          Path to,
      @Option(
              names = "--operator",
              paramLabel = "NAME",
              description = "who does it; needed once the bank has registered operators")
          @Nullable String operator,
      @Option(
              names = "--operator-keys",
              paramLabel = "DIR",
              description = "the operator's own vault")
          @Nullable Path operatorKeys,
      @Option(names = "--replace", description = "though another recovery key is in use")
          boolean replace)
      throws IOException {
    if ((operator == null) != (operatorKeys == null)) {
      throw new ParameterException(
          spec().commandLine(), "--operator and --operator-keys go together");
    }
    OperatorKey acting =
        operator == null || operatorKeys == null
            ? null
            : OperatorKey.ensure(operator, BankAccess.vault(operatorKeys, random), random);
    return forEach(
        store,
        bank -> {
          KeyVault taken = PeriodVault.make(to, bank.bank(), random);
          bank.desk()
              .useRecoveryKey(RecoveryKey.ensure(taken, random), acting, replace, bank.own());
          say(bank.bank() + ": period keys are wrapped to the recovery key in " + to);
        });
  }

  @Command(
      name = "recover",
      mixinStandardHelpOptions = true,
      description = "Takes the period keys out of the store with recovery keys alone, for verify.")
  int recover(
      @Mixin StoreChoice store,
      @Option(
              names = "--recovery",
              required = true,
              paramLabel = "DIR",
              description = "what recovery-key made")
          Path recovery,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "DIR",
              description = "for the period keys, readable by the owner alone")
          Path to)
      throws IOException {
    return forEach(
        store,
        bank -> {
          KeyVault taken =
              PeriodVault.open(recovery, bank.bank())
                  .orElseThrow(() ->
                      new IOException("no recovery key of " + bank.bank() + " in " + recovery));
          SortedMap<String, SecretKey256> periods =
              RecoveryKey.open(
                  bank.bank(),
                  RecoveryKey.wrapped(bank.own()),
                  bank.founding().certifyingKey(),
                  taken.decryptionKey(RecoveryKey.ALIAS).orElseThrow());
          KeyVault keys = PeriodVault.make(to, bank.bank(), random);
          for (var period : periods.entrySet()) {
            PeriodVault.keep(keys, period.getKey(), period.getValue());
          }
          say(bank.bank() + ": keys of periods " + periods.keySet() + " are in " + to);
        });
  }

  private int forEach(StoreChoice store, Task task) throws IOException {
    FederationDirectory directory = new FederationDirectory(data);
    for (BankId bank : chosen(directory)) {
      try (FoundingAccess access = FoundingAccess.open(directory, store, bank, random)) {
        task.with(access);
      } catch (StoreUnavailable e) {
        throw new IOException("the store is not available: " + e.getMessage(), e);
      }
    }
    return 0;
  }

  private int readEach(StoreChoice store, DroppedArchives archives, Reading reading)
      throws IOException {
    return readEach(
        archives,
        (directory, bank) -> FoundingAccess.openToRead(directory, store, bank, random),
        reading);
  }

  private int readEach(DroppedArchives archives, Opening opening, Reading reading)
      throws IOException {
    FederationDirectory directory = new FederationDirectory(data);
    try (Archives opened = Archives.open(archives.files)) {
      for (BankId bank : chosen(directory)) {
        try (FoundingAccess access = opening.of(directory, bank)) {
          reading.of(access, opened.all());
        }
      }
    } catch (StoreUnavailable e) {
      throw new IOException("the store is not available: " + e.getMessage(), e);
    }
    return 0;
  }

  private List<BankId> chosen(FederationDirectory directory) throws IOException {
    List<BankId> there = FoundingAccess.banks(directory);
    try {
      List<BankId> named = banks.stream().map(BankId::new).toList();
      for (BankId bank : named) {
        if (!there.contains(bank)) {
          throw new IOException("there is no bank " + bank + " in " + directory.root());
        }
      }
      return named.isEmpty() ? there : named;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()));
    }
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("run by the command line");
    }
    return spec;
  }

  private void say(String line) {
    PrintWriter out = spec().commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
