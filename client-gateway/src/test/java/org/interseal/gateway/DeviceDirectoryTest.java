package org.interseal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SignedStatement;
import org.interseal.crypto.SigningKey;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.message.DeviceRegistration;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicenceStatus;
import org.interseal.protocol.registry.RegistryRow;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.DurableInsert;
import org.interseal.store.NewRow;
import org.interseal.store.StoreUnavailable;
import org.interseal.store.TableName;
import org.interseal.store.memory.UnkindStore;
import org.interseal.store.memory.Unkindness;
import org.interseal.store.memory.VirtualTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceDirectoryTest {
  private final VirtualTime time = new VirtualTime(TestAuthority.NOW);
  private final TestAuthority authority = new TestAuthority();
  private final TestAuthority.TestBank bank = authority.bank("BKABXX00");
  private final TestAuthority.TestNode server = bank.server("server-1");
  private final TestAuthority.TestNode second = bank.server("server-2");
  private final SigningKey requestKey =
      SigningKey.generate(SignatureAlgorithm.ED25519, new java.security.SecureRandom());
  private final String device = requestKey.verificationKey().id().value();
  private final UnkindStore shared = UnkindStore.shared(1, time, time, Unkindness.none());
  private UnkindStore bankStore = UnkindStore.bank(1, time, time, Unkindness.none());
  private BankDirectory banks = emptyDirectory();
  private DeviceDirectory devices = newDevices();

  private BankDirectory emptyDirectory() {
    try {
      return BankDirectory.of(authority.root(), shared);
    } catch (org.interseal.crypto.InvalidKeyMaterial e) {
      throw new IllegalStateException(e);
    }
  }

  private DeviceDirectory newDevices() {
    return new DeviceDirectory(
        bank.id(), banks, bankStore, time, new GatewayMeters(new SimpleMeterRegistry()));
  }

  @BeforeEach
  void licence() throws Exception {
    publish(bank.licence(1, LicenceStatus.ACTIVE));
    publish(server.row());
  }

  private void publish(RegistryRow row) throws Exception {
    var _ = shared.append(TableName.BANK_KEYS).insert(List.of(row.toInsert(0))).get();
    time.advance(1);
    banks.refresh();
  }

  private NewRow row(String deviceId, long revision, boolean linked, SigningKey by, int attempt) {
    return row(0, deviceId, revision, linked, by, attempt);
  }

  private NewRow row(
      int partition, String deviceId, long revision, boolean linked, SigningKey by, int attempt) {
    DeviceRegistration registration =
        DeviceRegistration.of(
            partition,
            deviceId,
            revision,
            linked,
            linked ? requestKey.verificationKey().spki() : null);
    String body =
        SignedStatement.sign(
            DeviceRegistration.STATEMENT_TYPE, ProtocolJson.encode(registration), by);
    String id = Bytes.sha256(Bytes.utf8(body + attempt)).toBase64Url();
    return new NewRow(DeviceRegistration.STREAM, id, body);
  }

  private void register(long revision, boolean linked, SigningKey by) throws Exception {
    register(0, revision, linked, by);
  }

  private void register(int partition, long revision, boolean linked, SigningKey by)
      throws Exception {
    var _ =
        bankStore
            .append(TableName.DEVICES)
            .insert(List.of(row(partition, device, revision, linked, by, 0)))
            .get();
    time.advance(1);
    devices.refresh();
  }

  @Test
  void theHighestRevisionCountsInWhateverOrder() throws Exception {
    assertThat(devices.linked(device)).isFalse();
    register(2, false, server.key());
    register(1, true, server.key());
    assertThat(devices.linked(device)).isFalse();
    register(3, true, server.key());
    assertThat(devices.linked(device)).isTrue();
  }

  @Test
  void serversOfTheBankSupersedeEachOther() throws Exception {
    publish(second.row());
    register(1, true, server.key());
    register(2, false, second.key());
    assertThat(devices.linked(device)).isFalse();
  }

  @Test
  void noPartitionTakesAwayWhatAnotherHasGiven() throws Exception {
    publish(second.row());
    register(0, 1, true, server.key());
    register(1, 1, true, server.key());
    register(1, 2, false, second.key());
    assertThat(devices.linked(device)).isTrue();
    register(0, 2, false, second.key());
    assertThat(devices.linked(device)).isFalse();
  }

  @Test
  void aDeviceThatOnePartitionUnlinkedIsNewToAnother() throws Exception {
    register(0, 1, true, server.key());
    register(0, 2, false, server.key());
    register(1, 1, true, server.key());
    assertThat(devices.linked(device)).isTrue();
  }

  @Test
  void anEvictedServerLinksNothingInAnotherPartitionEither() throws Exception {
    publish(second.row());
    register(0, 1, false, server.key());
    register(1, 1, true, second.key());
    publish(bank.revocation(1, second));
    assertThat(devices.linked(device)).isFalse();
  }

  @Test
  void aRowIsKeptUntilItsServerIsKnown() throws Exception {
    register(1, true, second.key());
    assertThat(devices.linked(device)).isFalse();
    publish(second.row());
    devices.refresh();
    assertThat(devices.linked(device)).isTrue();
  }

  @Test
  void nothingIsCaughtUpBeforeTheBanksServersAreKnown() throws Exception {
    register(1, true, server.key());
    BankDirectory notRead = emptyDirectory();
    DeviceDirectory starting =
        new DeviceDirectory(
            bank.id(), notRead, bankStore, time, new GatewayMeters(new SimpleMeterRegistry()));
    starting.refresh();
    assertThat(starting.caughtUp()).as("its rows wait for their signers").isFalse();

    notRead.refresh();
    starting.refresh();

    assertThat(starting.caughtUp()).isTrue();
    assertThat(starting.linked(device)).isTrue();
  }

  @Test
  void anEvictedServerStillCountsWhereNoOtherHasSaidAnything() throws Exception {
    publish(second.row());
    register(1, true, second.key());
    publish(bank.revocation(1, second));
    assertThat(devices.linked(device)).isTrue();
    register(1, false, server.key());
    assertThat(devices.linked(device)).isFalse();
    register(9, true, second.key());
    assertThat(devices.linked(device)).isFalse();
  }

  @Test
  void whatIsNotARegistrationChangesNothing() throws Exception {
    register(1, true, server.key());
    for (String junk :
        List.of(
            "junk",
            SignedStatement.sign("another-type", Bytes.utf8("{}"), server.key()),
            SignedStatement.sign(
                DeviceRegistration.STATEMENT_TYPE, Bytes.utf8("{\"v\":2}"), server.key()))) {
      String id = Bytes.sha256(Bytes.utf8(junk)).toBase64Url();
      var _ =
          bankStore
              .append(TableName.DEVICES)
              .insert(List.of(new NewRow(DeviceRegistration.STREAM, id, junk)))
              .get();
    }
    time.advance(1);
    devices.refresh();
    assertThat(devices.size()).isEqualTo(1);
    assertThat(devices.linked(device)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyRegistrationIsFoundOnAnUnkindStore(long seed) {
    bankStore = UnkindStore.bank(seed, time, time, Unkindness.harsh());
    devices = newDevices();
    DurableInsert writer =
        new DurableInsert(
            bankStore,
            TableName.DEVICES,
            DurableInsert.ReadBy.CURSOR,
            new DurableInsert.Limits(50, 600_000, 20),
            time,
            time::nanoTime,
            new SplittableRandom(seed));
    List<String> registered = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = Bytes.sha256(Bytes.utf8("device " + i)).toBase64Url();
      registered.add(id);
      var _ = writer.insert(List.of(attempt -> row(id, 1, true, server.key(), attempt)));
      time.advance(40);
      refreshOrLater();
    }
    for (int i = 0; i < 400 && !registered.stream().allMatch(devices::linked); i++) {
      time.advance(500);
      refreshOrLater();
    }
    assertThat(registered).as("seed %s", seed).allMatch(devices::linked);
  }

  private void refreshOrLater() {
    try {
      devices.refresh();
      devices.sweep();
    } catch (StoreUnavailable e) {
      // The follower's next poll does the same.
      return;
    }
  }
}
