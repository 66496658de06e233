package org.interseal.launcher.fleet;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.interseal.client.BankClient;
import org.interseal.client.ClientRuntime;
import org.interseal.client.Device;
import org.interseal.client.DeviceKeyRing;
import org.interseal.client.DeviceProfile;
import org.interseal.client.Reply;
import org.interseal.client.VolatileDeviceMemory;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.KeyVault;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SealedKeyRing;
import org.interseal.crypto.SecretKey256;
import org.interseal.identity.BankId;
import org.interseal.launcher.federation.OwnerOnlySecret;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.message.ActivationCode;

/**
 * Devices of many customers. Their keys are in one file and outlive the process; message numbers
 * start at the clock's milliseconds, so that a restarted process never uses one again.
 */
public final class DeviceFleet {
  private static final String DEVICE_NAME = "fleet";
  private static final String RING_KEY = "fleet-ring";

  private final ClientRuntime runtime;
  private final SecureRandom random;
  private final SealedKeyRing ring;
  private final long firstNumber;
  private final Map<Gateways, CompletableFuture<BankClient>> banks = new ConcurrentHashMap<>();
  private final Map<Iban, DeviceKeyRing> keys = new ConcurrentHashMap<>();
  private final Set<Iban> made = ConcurrentHashMap.newKeySet();

  /** A bank by its gateways, in the order in which a device asks them. */
  private record Gateways(BankId bank, List<URI> inOrder) {}

  private DeviceFleet(
      ClientRuntime runtime, SecureRandom random, SealedKeyRing ring, long firstNumber) {
    this.runtime = runtime;
    this.random = random;
    this.ring = ring;
    this.firstNumber = firstNumber;
  }

  /** Opens the fleet kept in {@code directory}. */
  public static DeviceFleet open(
      Path directory, ClientRuntime runtime, SecureRandom random, long nowMillis)
      throws IOException {
    Path passphrase = OwnerOnlySecret.ensure(directory.resolve("passphrase"), random);
    KeyVault vault =
        Pkcs12KeyVault.open(
            directory.resolve("vault.p12"), OwnerOnlySecret.read(passphrase).toCharArray());
    if (vault.secretKey(RING_KEY).isEmpty()) {
      vault.store(RING_KEY, SecretKey256.generate(random));
    }
    SealedKeyRing ring =
        SealedKeyRing.open(
            directory.resolve("devices.ring"), vault.secretKey(RING_KEY).orElseThrow(), random);
    return new DeviceFleet(runtime, random, ring, nowMillis);
  }

  /** Makes keys for accounts that have none yet; durable when it returns. */
  public void prepare(List<Iban> accounts) throws IOException {
    List<Iban> fresh = new ArrayList<>();
    for (Iban account : accounts) {
      String name = account.value();
      var signing = ring.signingKey(name + ".signing");
      var request = ring.signingKey(name + ".request");
      var encryption = ring.decryptionKey(name + ".encryption");
      if (signing.isPresent() && request.isPresent() && encryption.isPresent()) {
        keys.put(account, new DeviceKeyRing(signing.get(), request.get(), encryption.get()));
      } else {
        fresh.add(account);
      }
    }
    for (Iban account : fresh) {
      DeviceKeyRing anew = DeviceKeyRing.generate(random);
      ring.put(account.value() + ".signing", anew.signing());
      ring.put(account.value() + ".request", anew.request());
      ring.put(account.value() + ".encryption", anew.encryption());
      keys.put(account, anew);
      made.add(account);
    }
    if (!fresh.isEmpty()) {
      ring.save();
    }
  }

  /** Whether the account's device may have been linked in an earlier run: its keys are not new. */
  public boolean mayBeLinked(Iban account) {
    return !made.contains(account);
  }

  /** The account's device, which was linked in an earlier run. */
  public CompletableFuture<Device> again(
      BankId bank, List<URI> gateways, Bytes rootFingerprint, Iban account) {
    VolatileDeviceMemory memory = memory(account);
    return bank(bank, gateways, rootFingerprint)
        .thenApply(client -> Device.prepared(client, memory, account, DEVICE_NAME));
  }

  /** Links the account's device with this code. */
  public CompletableFuture<Device> link(
      BankId bank, List<URI> gateways, ActivationCode code, Duration deadline) {
    VolatileDeviceMemory memory = memory(code.account());
    return bank(bank, gateways, code.rootFingerprint())
        .thenCompose(client ->
            Device.activate(client, memory, code, DEVICE_NAME, deadline)
                .thenApply(reply ->
                    switch (reply) {
                      case Reply.Answered<Device>(Device device) -> device;
                      case Reply.Refused<Device>(var reason, String why) ->
                          throw new IllegalStateException(
                              "an activation was refused: " + reason + " " + why);
                      case Reply.Unanswered<Device>(String why) ->
                          throw new IllegalStateException("no answer to an activation: " + why);
                    }));
  }

  private VolatileDeviceMemory memory(Iban account) {
    DeviceKeyRing ofAccount = keys.get(account);
    if (ofAccount == null) {
      throw new IllegalStateException("no keys were prepared for this account");
    }
    return new VolatileDeviceMemory(ofAccount, numberedFrom(firstNumber));
  }

  private CompletableFuture<BankClient> bank(
      BankId bank, List<URI> gateways, Bytes rootFingerprint) {
    return banks.computeIfAbsent(
        new Gateways(bank, gateways), _ -> BankClient.connect(runtime, gateways, rootFingerprint));
  }

  private static DeviceProfile numberedFrom(long number) {
    return DeviceProfile.fresh().numberedFrom(number);
  }
}
