package org.interseal.bank.founding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.interseal.bank.founding.Interruptions.When;
import org.interseal.crypto.DecryptionKey;
import org.interseal.crypto.KeyId;
import org.interseal.crypto.Pkcs12KeyVault;
import org.interseal.crypto.SignatureAlgorithm;
import org.interseal.crypto.SigningKey;
import org.interseal.identity.Party;
import org.interseal.identity.PartyRole;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;
import org.interseal.protocol.registry.TestAuthority;
import org.interseal.store.TableName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BankFoundingIT extends FoundingFixture {
  private static final Party GATEWAY = Party.gateway(BANK, "gateway-1");
  private static final Party BRANCH = Party.branch(BANK, "branch-1");
  private static final int MAX_EFFECTS = 60;

  @BeforeEach
  void begin() throws IOException {
    openHome("first");
  }

  /** A fresh world. */
  private void begin(String name) throws IOException {
    closeStores();
    openHome(name);
  }

  /** All of a founding, as an operator's tool does it. */
  private void found(Interruptions world) throws Exception {
    BankFounding founding = founding(world);
    BankDirectory directory = known();
    if (!founding.licensed(directory)) {
      String application = world.around(() -> apply(founding));
      registry.approve(application, shared);
      directory.refresh();
    }
    for (Party node : List.of(FIRST, SECOND, GATEWAY, BRANCH)) {
      admit(founding, node, world);
    }
  }

  private void admit(BankFounding founding, Party node, Interruptions world) throws Exception {
    NodeKeys keys = NodeKeys.ensure(node, world.vault(vault(node.name())), RANDOM);
    founding.admit(keys, known(), world.store(shared), world.store(bankStore));
  }

  private WrappedKeys keysOf(Party server) throws Exception {
    return WrappedKeys.open(
        server,
        known().bank(BANK).orElseThrow().certifyingKey(),
        vault(server.name()).decryptionKey(NodeKeys.ENCRYPTION_ALIAS).orElseThrow(),
        bankStore);
  }

  private KeyId currentKey() throws Exception {
    return known().bank(BANK).orElseThrow().encryptionKey().id();
  }

  private void assertComplete() throws Exception {
    BankDirectory directory = known();
    assertThat(directory.refused()).isEmpty();
    LicensedBank bank = directory.bank(BANK).orElseThrow();
    assertThat(bank.usableAt(TestAuthority.NOW)).isTrue();
    for (Party node : List.of(FIRST, SECOND, GATEWAY, BRANCH)) {
      KeyId key =
          vault(node.name())
              .signingKey(NodeKeys.SIGNING_ALIAS)
              .orElseThrow()
              .verificationKey()
              .id();
      assertThat(directory.node(BANK, node.role(), key, TestAuthority.NOW))
          .as(node.wire())
          .isPresent();
    }
    for (Party server : List.of(FIRST, SECOND)) {
      WrappedKeys keys = keysOf(server);
      assertThat(keys.decryptionKey(bank.encryptionKey().id())).isPresent();
      assertThat(keys.periodKey(keys.currentPeriod())).isPresent();
      assertThat(keys.ignored()).isZero();
    }
  }

  @Test
  void aGatewayGetsNoKeyThatOpensAnything() throws Exception {
    found(none());

    assertThat(vault(GATEWAY.name()).aliases()).containsExactly(NodeKeys.SIGNING_ALIAS);
    assertThat(known().nodes(BANK, PartyRole.GATEWAY, TestAuthority.NOW))
        .singleElement()
        .satisfies(node -> assertThat(node.encryptionKey()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void aFoundingIsFinishedByRunningItAgainWhereverItWasInterrupted(When when) throws Exception {
    int at = 1;
    boolean interrupted = true;
    while (interrupted) {
      begin(when + "-" + at);
      Interruptions world = new Interruptions(when, at);
      try {
        found(world);
      } catch (IOException e) {
        assertThat(world.happened()).as(e.toString()).isTrue();
      }
      interrupted = world.happened();
      found(none());
      assertComplete();
      Interruptions finished = none();
      found(finished);
      assertThat(finished.effects()).as("effects of a founding that was finished").isZero();
      at++;
      assertThat(at).isLessThan(MAX_EFFECTS);
    }
    assertThat(at).as("effects there were to interrupt").isGreaterThan(15);
  }

  @ParameterizedTest
  @EnumSource
  void anEvictionIsFinishedByRunningItAgainWhereverItWasInterrupted(When when) throws Exception {
    int at = 1;
    boolean interrupted = true;
    while (interrupted) {
      begin("evict-" + when + "-" + at);
      found(none());
      KeyId before = currentKey();
      Interruptions world = new Interruptions(when, at);
      try {
        evict(SECOND, world);
      } catch (IOException e) {
        assertThat(world.happened()).as(e.toString()).isTrue();
      }
      interrupted = world.happened();
      evict(SECOND, none());

      assertThat(known().nodes(BANK, PartyRole.SERVER, TestAuthority.NOW))
          .extracting(node -> node.party().name())
          .containsExactly("server-1");
      assertThat(known().bank(BANK).orElseThrow().epoch()).isEqualTo(2);
      assertThat(currentKey()).isNotEqualTo(before);
      assertThat(keysOf(FIRST).encryptionKeys()).contains(before, currentKey());
      // What it had it keeps; what is sealed from now on it cannot read.
      assertThat(keysOf(SECOND).encryptionKeys()).containsExactly(before);
      Interruptions finished = none();
      evict(SECOND, finished);
      assertThat(finished.effects()).isZero();
      at++;
      assertThat(at).isLessThan(MAX_EFFECTS);
    }
    assertThat(at).as("effects there were to interrupt").isGreaterThan(4);
  }

  private void evict(Party node, Interruptions world) throws Exception {
    founding(world).evict(node, known(), world.store(shared), world.store(bankStore));
  }

  @Test
  void anEvictedNodeComesBackWithANewKeyOnly() throws Exception {
    found(none());
    evict(SECOND, none());

    assertThatThrownBy(() -> found(none())).isInstanceOf(NodeEvicted.class);
    assertThat(keysOf(SECOND).decryptionKey(currentKey())).isEmpty();
    Files.delete(home.resolve(SECOND.name() + ".p12"));
    found(none());
    assertComplete();
  }

  @Test
  void aServerThatLostItsVaultIsAdmittedAgain() throws Exception {
    found(none());
    Files.delete(home.resolve(FIRST.name() + ".p12"));
    found(none());

    assertThat(keysOf(FIRST).decryptionKey(currentKey())).isPresent();
  }

  @Test
  void aServerThatJoinsLaterReadsEarlierEpochs() throws Exception {
    found(none());
    KeyId first = currentKey();
    founding(none()).rotateEncryptionKey(known(), shared, bankStore);
    Party third = Party.server(BANK, "server-3");
    admit(founding(none()), third, none());

    assertThat(keysOf(third).encryptionKeys()).containsExactlyInAnyOrder(first, currentKey());
  }

  private String startPeriod(Interruptions world) throws Exception {
    return founding(world).startPeriod(known(), world.store(bankStore));
  }

  @ParameterizedTest
  @EnumSource
  void aPeriodsStartIsFinishedByRunningItAgainWhereverItWasInterrupted(When when) throws Exception {
    int at = 1;
    boolean interrupted = true;
    while (interrupted) {
      begin("period-" + when + "-" + at);
      found(none());
      useRecoveryKey();
      Interruptions world = new Interruptions(when, at);
      try {
        assertThat(startPeriod(world)).isEqualTo("2");
      } catch (IOException e) {
        assertThat(world.happened()).as(e.toString()).isTrue();
      }
      interrupted = world.happened();
      if (interrupted) {
        // Whoever writes the second period already does so with a key that all can have.
        for (Party server : List.of(FIRST, SECOND)) {
          if (keysOf(server).currentPeriod().equals("2")) {
            assertThat(keysOf(FIRST).periodKey("2")).isPresent();
            assertThat(keysOf(SECOND).periodKey("2")).isPresent();
            assertThat(recovered()).containsKey("2");
          }
        }
        // Run again by somebody who does not know whether it was finished.
        assertThat(startPeriod(none())).isIn("2", "3");
      }
      assertThat(keysOf(FIRST).currentPeriod()).isEqualTo(keysOf(SECOND).currentPeriod());
      assertComplete();
      assertThat(recovered()).containsKeys("1", "2");
      at++;
      assertThat(at).isLessThan(MAX_EFFECTS);
    }
    assertThat(at).as("effects there were to interrupt").isGreaterThan(5);
  }

  private DecryptionKey useRecoveryKey() throws Exception {
    Pkcs12KeyVault taken = vault("recovery");
    founding(none()).useRecoveryKey(RecoveryKey.ensure(taken, RANDOM), bankStore);
    return taken.decryptionKey(RecoveryKey.ALIAS).orElseThrow();
  }

  private java.util.SortedMap<String, org.interseal.crypto.SecretKey256> recovered()
      throws Exception {
    return RecoveryKey.open(
        BANK,
        RecoveryKey.wrapped(bankStore),
        known().bank(BANK).orElseThrow().certifyingKey(),
        vault("recovery").decryptionKey(RecoveryKey.ALIAS).orElseThrow());
  }

  @Test
  void theRecoveryKeyOpensThePeriodsBeforeAndAfterIt() throws Exception {
    found(none());
    assertThat(startPeriod(none())).isEqualTo("2");
    useRecoveryKey();
    assertThat(startPeriod(none())).isEqualTo("3");

    assertThat(recovered()).containsOnlyKeys("1", "2", "3");
    for (String period : List.of("1", "2", "3")) {
      assertThat(keysOf(FIRST).periodKey(period)).contains(recovered().get(period));
    }
    // Somebody else's recovery key opens nothing.
    assertThat(
            RecoveryKey.open(
                BANK,
                RecoveryKey.wrapped(bankStore),
                known().bank(BANK).orElseThrow().certifyingKey(),
                DecryptionKey.generate(RANDOM)))
        .isEmpty();
  }

  @Test
  void anEvictedServerNeverGetsTheNextPeriodsKey() throws Exception {
    found(none());
    WrappedKeys kept = keysOf(SECOND);
    evict(SECOND, none());

    assertThat(keysOf(FIRST).currentPeriod()).isEqualTo("2");
    kept.refresh();
    assertThat(kept.periodKey("2")).isEmpty();
    assertThat(kept.currentPeriod()).isEqualTo("1");
  }

  @Test
  void aRetiredPeriodsKeyIsForgottenAndGivenToNoNewServer() throws Exception {
    found(none());
    useRecoveryKey();
    WrappedKeys running = keysOf(FIRST);
    assertThat(startPeriod(none())).isEqualTo("2");
    assertThat(running.periodKey("1")).isPresent();
    founding(none()).retirePeriods(1, known(), bankStore);
    Party third = Party.server(BANK, "server-3");
    admit(founding(none()), third, none());

    running.refresh();
    assertThat(running.periodKey("1")).isEmpty();
    assertThat(running.periodKey("2")).isPresent();
    assertThat(keysOf(FIRST).periodKey("1")).isEmpty();
    assertThat(keysOf(FIRST).retiredPeriods()).isEqualTo(1);
    assertThat(keysOf(third).periodKey("1")).isEmpty();
    assertThat(keysOf(third).currentPeriod()).isEqualTo("2");
    assertThat(recovered()).containsKey("1");
    assertThatThrownBy(() -> founding(none()).retirePeriods(2, known(), bankStore))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aServerThatWasNotToldYetFollowsOneThatWas() throws Exception {
    found(none());
    WrappedKeys slow = keysOf(SECOND);
    assertThat(startPeriod(none())).isEqualTo("2");

    assertThat(slow.currentPeriod()).isEqualTo("1");
    // It meets a block in the new period.
    assertThat(slow.periodKey("2")).isPresent();
    assertThat(slow.currentPeriod()).isEqualTo("2");
  }

  @Test
  void periodsThatOthersSayAreInForceAreIgnored() throws Exception {
    found(none());
    SigningKey gatewayKey = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    String forged = new PeriodsInForce(1, BANK, FIRST.wire(), 9, 8).sign(gatewayKey);
    var _ =
        bankStore
            .append(TableName.WRAPPED_KEYS)
            .insert(List.of(WrappedKey.row(FIRST.name(), forged, 0)))
            .join();

    assertThat(keysOf(FIRST).currentPeriod()).isEqualTo("1");
    assertThat(keysOf(FIRST).ignored()).isEqualTo(1);
  }

  @Test
  void keysThatOthersWrapToAServerAreIgnored() throws Exception {
    found(none());
    DecryptionKey evil = DecryptionKey.generate(RANDOM);
    SigningKey gatewayKey = SigningKey.generate(SignatureAlgorithm.ED25519, RANDOM);
    var recipient =
        vault(FIRST.name()).decryptionKey(NodeKeys.ENCRYPTION_ALIAS).orElseThrow().encryptionKey();
    String name = evil.encryptionKey().id().value();
    String forged =
        new WrappedKey(
                1,
                BANK,
                FIRST.wire(),
                recipient.id(),
                WrappedKey.Kind.ENCRYPTION,
                name,
                2,
                org.interseal.crypto.KeyWrap.wrap(
                    evil,
                    recipient,
                    WrappedKey.context(
                        BANK, FIRST, recipient.id(), WrappedKey.Kind.ENCRYPTION, name, 2),
                    RANDOM))
            .sign(gatewayKey);
    var _ =
        bankStore
            .append(TableName.WRAPPED_KEYS)
            .insert(List.of(WrappedKey.row(FIRST.name(), forged, 0)))
            .join();

    assertThat(keysOf(FIRST).decryptionKey(evil.encryptionKey().id())).isEmpty();
    assertThat(keysOf(FIRST).ignored()).isEqualTo(1);
    assertThat(keysOf(FIRST).decryptionKey(currentKey())).isPresent();
  }

  @Test
  void aNodeOfAnUnlicensedBankIsNotAdmitted() throws Exception {
    BankFounding founding = founding(none());

    assertThatThrownBy(() -> admit(founding, FIRST, none()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not licensed");
  }
}
