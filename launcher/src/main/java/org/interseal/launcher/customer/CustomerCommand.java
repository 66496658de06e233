package org.interseal.launcher.customer;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.interseal.client.BankClient;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.DeviceProfile;
import org.interseal.client.FileDeviceMemory;
import org.interseal.client.Reply;
import org.interseal.crypto.Bytes;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.protocol.banking.Iban;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command of a customer needs: the device's keys, and the bank behind its gateways. */
@Command(mixinStandardHelpOptions = true)
abstract class CustomerCommand implements Callable<Integer> {
  static final int REFUSED = 3;
  static final int UNANSWERED = 4;
  private static final int MAX_IN_FLIGHT = 4;

  @Option(
      names = "--device",
      defaultValue = "interseal-device",
      description = "directory of this device's keys and memory (default: ${DEFAULT-VALUE})")
  Path device = Path.of("interseal-device");

  @Option(
      names = "--passphrase-file",
      description =
          "file with the passphrase of the device's key file (default: made inside the device's directory)")
  @Nullable Path passphraseFile;

  @Option(
      names = "--timeout",
      defaultValue = "30",
      description = "seconds to wait for the bank (default: ${DEFAULT-VALUE})")
  int timeoutSeconds = 30;

  @Spec @Nullable CommandSpec spec;

  final SecureRandom random = new SecureRandom();
  final InstantSource clock = InstantSource.system();

  Duration deadline() {
    return Duration.ofSeconds(timeoutSeconds);
  }

  @Override
  public Integer call() throws Exception {
    Path secret = passphraseFile == null ? device.resolve("passphrase") : passphraseFile;
    OwnerOnlySecret.ensure(secret, random);
    try (ClientRuntime runtime = ClientRuntime.start(clock, random, MAX_IN_FLIGHT);
        FileDeviceMemory memory =
            FileDeviceMemory.open(
                device.resolve("keys.p12"), OwnerOnlySecret.read(secret).toCharArray(), random)) {
      return run(runtime, memory);
    }
  }

  abstract int run(ClientRuntime runtime, FileDeviceMemory memory) throws Exception;

  /** The enrolled device, in dialogue with its bank. */
  Device connect(ClientRuntime runtime, FileDeviceMemory memory)
      throws IOException, InterruptedException {
    DeviceProfile profile = memory.profile();
    Bytes root = profile.rootCertificate();
    if (root == null || !profile.linked()) {
      throw new IOException(device + " is not enrolled; use the command enrol first");
    }
    BankClient bank = await(BankClient.connect(runtime, profile.gateways(), Bytes.sha256(root)));
    Device connected = Device.of(bank, memory);
    var _ = await(connected.resend(Duration.ofSeconds(1)));
    return connected;
  }

  Iban account(FileDeviceMemory memory, @Nullable String named) throws IOException {
    if (named != null) {
      return new Iban(named);
    }
    if (memory.profile().accounts().isEmpty()) {
      throw new IOException("this device knows no account; name one with --account");
    }
    return memory.profile().accounts().getFirst();
  }

  static <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  void print(String line) {
    if (spec != null) {
      spec.commandLine().getOut().println(line);
      spec.commandLine().getOut().flush();
    }
  }

  /** Prints why there is no answer; the exit code. */
  <T> int unsuccessful(Reply<T> reply) {
    return switch (reply) {
      case Reply.Answered<T> _ -> 0;
      case Reply.Refused<T>(var reason, String detail) -> {
        print("refused: " + reason + " " + detail);
        yield REFUSED;
      }
      case Reply.Unanswered<T>(String why) -> {
        print("no answer yet: " + why);
        yield UNANSWERED;
      }
    };
  }
}
